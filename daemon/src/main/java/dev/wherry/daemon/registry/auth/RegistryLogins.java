package dev.wherry.daemon.registry.auth;

import java.util.Map;
import java.util.Optional;

/**
 * The logins that came with a call, by registry host as references name it, such as {@code docker.io} or
 * {@code localhost:5000}. Each is shown to its own host only, and to the token service that this host names.
 */
public record RegistryLogins(Map<String, RegistryLogin> byHost) {

    /** For calls that are made anonymously. */
    public static final RegistryLogins NONE = new RegistryLogins(Map.of());

    public RegistryLogins {
        byHost = Map.copyOf(byHost);
    }

    Optional<RegistryLogin> of(String host) {
        return Optional.ofNullable(byHost.get(host));
    }

    public boolean isEmpty() {
        return byHost.isEmpty();
    }

    @Override
    public String toString() {
        return "logins at " + byHost.keySet();
    }
}
