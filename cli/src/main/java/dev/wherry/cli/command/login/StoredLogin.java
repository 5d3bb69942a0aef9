package dev.wherry.cli.command.login;

import dev.wherry.v1.RegistryLogin;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A login as docker stores it. An identity token takes the place of the password. */
record StoredLogin(String user, String password, String identityToken) {

    /** Reads an entry of {@code auths}; empty where it holds no login, as for one that a program keeps. */
    static Optional<StoredLogin> of(Map<?, ?> entry) {
        String user = text(entry, "username");
        String password = text(entry, "password");
        String auth = text(entry, "auth");
        if (!auth.isEmpty()) {
            String pair;
            try {
                pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
            int colon = pair.indexOf(':');
            user = colon < 0 ? pair : pair.substring(0, colon);
            password = colon < 0 ? "" : pair.substring(colon + 1).replaceAll("\0+$", "");
        }
        String token = text(entry, "identitytoken");
        return user.isEmpty() && token.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoredLogin(user, password, token));
    }

    private static String text(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof String text ? text : "";
    }

    /** The entry of {@code auths}, with what else stood there. */
    Map<String, Object> entry(Map<?, ?> before) {
        Map<String, Object> entry = new LinkedHashMap<>();
        before.forEach((key, value) -> entry.put(String.valueOf(key), value));
        entry.remove("username");
        entry.remove("password");
        entry.remove("identitytoken");
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        entry.put("auth", Base64.getEncoder().encodeToString(pair));
        if (!identityToken.isEmpty()) {
            entry.put("identitytoken", identityToken);
        }
        return entry;
    }

    RegistryLogin message(RegistryHost host) {
        return RegistryLogin.newBuilder()
                .setRegistry(host.name())
                .setUser(user)
                .setPassword(password)
                .setIdentityToken(identityToken)
                .build();
    }

    @Override
    public String toString() {
        return "the login of " + user;
    }
}
