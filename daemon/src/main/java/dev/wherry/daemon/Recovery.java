package dev.wherry.daemon;

import dev.wherry.daemon.metadata.Database;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Puts the stores in order after whatever ended the last daemon. Runs before the socket answers; each store repairs
 * what it owns, those first that others build on.
 */
@Singleton
final class Recovery {

    Recovery(Database database) {}

    void recover(@Observes StartupEvent start) {}
}
