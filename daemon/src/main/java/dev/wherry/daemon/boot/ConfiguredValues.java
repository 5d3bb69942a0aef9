package dev.wherry.daemon.boot;

import dev.wherry.daemon.builder.source.FetchLimits;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.config.LogLevel;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import dev.wherry.daemon.runtime.runc.ConfiguredRuntimes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Between the command line and the packages: publishes what was asked for as configuration, and turns configuration
 * into the values that packages ask for.
 */
final class ConfiguredValues {

    static final String LOG_LEVEL = "quarkus.log.category.\"dev.wherry\".level";

    /**
     * Publishes configuration before the server starts. What the environment or a system property sets of the server
     * itself stays.
     */
    static void publish(Layout layout, ControlSocket socket, Configuration configuration) {
        Map<String, String> properties = new HashMap<>();
        properties.put("wherry.runtime", configuration.text(ConfigKey.RUNTIME));
        properties.put(ConfiguredRuntimes.PROPERTY, configuration.text(ConfigKey.RUNTIMES));
        properties.put(CgroupDriver.PROPERTY, configuration.text(ConfigKey.CGROUP_DRIVER));
        properties.put("wherry.registry.default", configuration.text(ConfigKey.REGISTRY));
        properties.put("wherry.registry.mirrors", configuration.text(ConfigKey.REGISTRY_MIRRORS));
        properties.put("wherry.registry.insecure", configuration.text(ConfigKey.INSECURE_REGISTRIES));
        properties.put(LOG_LEVEL, configuration.logLevel().name());
        if (configuration.logLevel().compareTo(LogLevel.INFO) > 0) {
            properties.put("quarkus.log.level", "INFO");
        }
        properties.put("wherry.fetch-limit", Long.toString(configuration.fetchLimit()));
        properties.put("wherry.root", layout.root().toString());
        properties.put("wherry.run-root", layout.runRoot().toString());
        properties.put("wherry.socket", socket.path().toString());
        properties.put("quarkus.http.domain-socket", socket.binding().toString());
        properties.put("quarkus.datasource.jdbc.url", "jdbc:sqlite:" + layout.database());
        String libraries = DaemonFolders.libraries(layout).toString();
        properties.put("jna.tmpdir", libraries);
        properties.put("org.sqlite.tmpdir", libraries);
        properties.put("ZstdTempFolder", libraries);
        properties.forEach(System::setProperty);
    }

    @Produces
    @Singleton
    Layout layout(
            @ConfigProperty(name = "wherry.root", defaultValue = "/var/lib/wherry") Path root,
            @ConfigProperty(name = "wherry.run-root", defaultValue = "/run/wherry") Path runRoot) {
        return new Layout(root, runRoot);
    }

    @Produces
    @Singleton
    FetchLimits fetchLimits(@ConfigProperty(name = "wherry.fetch-limit", defaultValue = "34359738368") long bytes) {
        return FetchLimits.of(bytes);
    }

    @Produces
    @Singleton
    RegistrySettings registries(
            @ConfigProperty(name = "wherry.registry.default", defaultValue = "docker.io") String defaultRegistry,
            @ConfigProperty(name = "wherry.registry.mirrors") Optional<List<String>> mirrors,
            @ConfigProperty(name = "wherry.registry.insecure") Optional<List<String>> insecure) {
        return RegistrySettings.parse(defaultRegistry, mirrors.orElse(List.of()), insecure.orElse(List.of()));
    }
}
