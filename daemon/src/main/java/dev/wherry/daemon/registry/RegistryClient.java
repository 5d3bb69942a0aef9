package dev.wherry.daemon.registry;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.registry.auth.AuthChallenge;
import dev.wherry.daemon.registry.auth.BearerTokens;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Asks endpoints, with a token where they demand one. */
final class RegistryClient {

    private final HttpTransport transport;
    private final BearerTokens tokens;

    RegistryClient(HttpTransport transport) {
        this.transport = transport;
        this.tokens = new BearerTokens(transport);
    }

    /**
     * The answer to a request for {@code /v2/<path>/<rest>}; its status is neither that of a refusal nor of a busy server.
     *
     * @throws NotFoundException when the registry denies access, which it also does to what does not exist
     * @throws BusyException when it may answer later
     */
    RegistryResponse get(RegistryEndpoint endpoint, String rest, Map<String, String> headers) throws IOException {
        RegistryResponse answer = get(endpoint, rest, headers, tokens.known(endpoint));
        if (answer.status() == 401) {
            Optional<AuthChallenge> challenge =
                    AuthChallenge.bearer(answer.headers().allValues("WWW-Authenticate"));
            answer.close();
            Optional<String> token = challenge.isEmpty() ? Optional.empty() : tokens.fetch(endpoint, challenge.get());
            if (token.isEmpty()) {
                throw denied(endpoint);
            }
            answer = get(endpoint, rest, headers, token);
        }
        return switch (answer.status()) {
            case 401, 403 -> {
                answer.close();
                throw denied(endpoint);
            }
            case 408, 429, 500, 502, 503, 504 -> {
                answer.close();
                throw new BusyException(answer);
            }
            default -> answer;
        };
    }

    private RegistryResponse get(
            RegistryEndpoint endpoint, String rest, Map<String, String> headers, Optional<String> token)
            throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        token.ifPresent(value -> all.put("Authorization", "Bearer " + value));
        return transport.get(endpoint.uri(rest), all);
    }

    private static NotFoundException denied(RegistryEndpoint endpoint) {
        return new NotFoundException(
                "repository",
                endpoint.toString(),
                "access to " + endpoint + " denied: it does not exist or needs a login");
    }
}
