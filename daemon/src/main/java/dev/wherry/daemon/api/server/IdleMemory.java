package dev.wherry.daemon.api.server;

import dev.wherry.daemon.linux.Residency;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Gives memory back while nobody calls. Most of the time a daemon waits; what its start and its last builds needed is
 * then better left to others. Only for native executables: a JVM has ways of its own.
 */
@Singleton
final class IdleMemory {

    private static final Logger LOG = Logger.getLogger(IdleMemory.class);

    /** After so long without a call the next one may take a millisecond more. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** After so long, what was kept for a while for those who called is gone too: builds that have ended, for example. */
    private static final Duration SILENT = Duration.ofSeconds(90);

    private final CallRunner calls;

    IdleMemory(CallRunner calls) {
        this.calls = calls;
    }

    void begin(@Observes StartupEvent start) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            Thread.ofVirtual().name("idle").start(this::watch);
        }
    }

    private void watch() {
        long seen = calls.started();
        Duration quiet = Duration.ZERO;
        try {
            while (true) {
                Thread.sleep(QUIET);
                long now = calls.started();
                quiet = now == seen && calls.working() == 0 ? quiet.plus(QUIET) : Duration.ZERO;
                if (quiet.equals(QUIET) || quiet.equals(SILENT)) {
                    // The collector keeps what it may need soon, unless all of the heap is collected.
                    System.gc();
                    Residency.release();
                }
                seen = now;
            }
        } catch (InterruptedException | IOException ended) {
            LOG.debug("memory is not given back any more", ended);
        }
    }
}
