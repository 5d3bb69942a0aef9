package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.CancelledException;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Logs failures of calls that nobody waits for any more; that a call was cancelled is no news. */
@Singleton
final class DroppedFailures {

    private static final Logger LOG = Logger.getLogger(DroppedFailures.class);

    void start(@Observes StartupEvent start) {
        Infrastructure.setDroppedExceptionHandler(DroppedFailures::dropped);
    }

    private static void dropped(Throwable failure) {
        if (!(failure instanceof CancelledException)) {
            LOG.error("a failure that nobody waits for any more", failure);
        }
    }
}
