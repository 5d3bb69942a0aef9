package dev.wherry.daemon;

import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.registry.RegistrySettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Turns the daemon's configuration into the values that its packages ask for. */
final class Settings {

    @Produces
    @Singleton
    Layout layout(
            @ConfigProperty(name = "wherry.root", defaultValue = "/var/lib/wherry") Path root,
            @ConfigProperty(name = "wherry.run-root", defaultValue = "/run/wherry") Path runRoot) {
        return new Layout(root, runRoot);
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
