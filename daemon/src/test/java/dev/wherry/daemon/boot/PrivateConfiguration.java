package dev.wherry.daemon.boot;

import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.ConfigSources;
import dev.wherry.daemon.config.Configuration;
import io.quarkus.test.Mock;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The configuration of the daemon under test, which no command line starts: the defaults, with roots of its own. */
@Mock
@Singleton
final class PrivateConfiguration {

    @Produces
    @Singleton
    Configuration configuration(
            @ConfigProperty(name = "wherry.test.root") String root,
            @ConfigProperty(name = "wherry.test.run-root") String runRoot) {
        return new ConfigSources(Map.of(ConfigKey.ROOT, root, ConfigKey.RUN_ROOT, runRoot), Map.of(), Optional.empty())
                .load();
    }
}
