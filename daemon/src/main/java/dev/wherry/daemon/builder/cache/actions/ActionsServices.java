package dev.wherry.daemon.builder.cache.actions;

import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.registry.transport.HttpTransport;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Opens cache services. Certificates and proxies are those that hold for registries. */
@Singleton
public final class ActionsServices {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpTransport plain;
    private final HttpTransport encrypted;

    public ActionsServices(Registries registries) {
        this.plain = new HttpTransport(_ -> true, PATIENCE, "");
        this.encrypted = new HttpTransport(
                        RegistrySettings::isLoopback, PATIENCE, "what begins with https does not go on with http")
                .withCertificates(() -> registries.settings().certificates());
    }

    /** Nothing is asked yet. */
    public ActionsService open(ActionsAccess access) {
        return new ActionsService(access.isPlain() ? plain : encrypted, access);
    }
}
