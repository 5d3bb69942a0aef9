package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Logins as calls bring them. */
public final class LoginMessages {

    private LoginMessages() {}

    /** All logins of a call. */
    public static RegistryLogins logins(List<dev.wherry.v1.RegistryLogin> messages) {
        Map<String, RegistryLogin> byHost = new HashMap<>();
        for (dev.wherry.v1.RegistryLogin message : messages) {
            if (message.getRegistry().isEmpty()) {
                throw new InvalidInputException("a login names no registry");
            }
            byHost.put(message.getRegistry(), login(message));
        }
        return new RegistryLogins(byHost);
    }

    private static RegistryLogin login(dev.wherry.v1.RegistryLogin message) {
        return new RegistryLogin(message.getUser(), message.getPassword(), message.getIdentityToken());
    }
}
