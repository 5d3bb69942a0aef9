package dev.wherry.daemon.api.docker.image;

import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Logins as requests bring them: JSON in base64, in a header. */
public final class RegistryAuth {

    private static final String HEADER = "X-Registry-Auth";
    private static final String CONFIG = "X-Registry-Config";

    private RegistryAuth() {}

    /** The login of a call about one registry. */
    static RegistryLogins of(Exchange call, String registry) {
        return call.header(HEADER)
                .map(RegistryAuth::decoded)
                .flatMap(RegistryAuth::login)
                .map(login -> new RegistryLogins(Map.of(registry, login)))
                .orElse(RegistryLogins.NONE);
    }

    /** The logins of a build, by registry. */
    public static RegistryLogins all(Exchange call) {
        Map<String, RegistryLogin> logins = new HashMap<>();
        call.header(CONFIG).map(RegistryAuth::decoded).ifPresent(config -> {
            for (String host : config.names()) {
                login(config.object(host)).ifPresent(login -> logins.put(host(host), login));
            }
        });
        return logins.isEmpty() ? RegistryLogins.NONE : new RegistryLogins(logins);
    }

    /** The hub has several names in clients' configurations. */
    static String host(String address) {
        String host = address.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io") || host.isEmpty()
                ? "docker.io"
                : host;
    }

    static Optional<RegistryLogin> login(JsonBody auth) {
        String user = auth.text("username");
        String token = auth.text("identitytoken");
        String ofRegistry = auth.text("registrytoken");
        if (!ofRegistry.isEmpty()) {
            return Optional.of(RegistryLogin.byToken(ofRegistry));
        }
        return user.isEmpty() && token.isEmpty()
                ? Optional.empty()
                : Optional.of(new RegistryLogin(user, auth.text("password"), token));
    }

    private static JsonBody decoded(String header) {
        try {
            byte[] json = Base64.getDecoder()
                    .decode(header.strip().replace('-', '+').replace('_', '/').replaceFirst("=+$", ""));
            return JsonBody.parse(new String(json, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the header " + HEADER + " is not base64");
        }
    }
}
