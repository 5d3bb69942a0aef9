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
        long released = -1;
        long seen = calls.started();
        try {
            while (true) {
                Thread.sleep(QUIET);
                long now = calls.started();
                boolean quiet = now == seen && calls.working() == 0;
                if (quiet && now != released) {
                    // The collector keeps what it may need soon, unless all of the heap is collected.
                    System.gc();
                    Residency.release();
                    released = now;
                }
                seen = now;
            }
        } catch (InterruptedException | IOException ended) {
            LOG.debug("memory is not given back any more", ended);
        }
    }
}
