package dev.wherry.daemon.boot;

import dev.wherry.daemon.config.Configuration;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The configuration that the daemon was started with, as a bean. */
final class StartedConfiguration {

    @Produces
    @Singleton
    Configuration configuration() {
        return Startup.current().configuration();
    }
}
