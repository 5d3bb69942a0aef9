package dev.wherry.daemon;

import dev.wherry.daemon.metadata.Layout;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
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
}
