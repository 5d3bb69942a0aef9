package dev.wherry.daemon.registry;

import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.registry.auth.Authorizer;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks endpoints, and proves who asks where they demand it. */
final class RegistryClient {

    private final HttpTransport transport;
    private final Authorizer authorizer;

    RegistryClient(HttpTransport transport, Authorizer authorizer) {
        this.transport = transport;
        this.authorizer = authorizer;
    }

    /** As {@link #send}, for a GET request for {@code /v2/<path>/<rest>} that reads the repository. */
    RegistryResponse get(RegistryEndpoint endpoint, String rest, Map<String, String> headers) throws IOException {
        return send(endpoint, TokenScope.pull(endpoint.path()), RegistryRequest.get(endpoint.uri(rest), headers));
    }

    /** As {@link #send}, for a request that writes to the repository. */
    RegistryResponse write(
            RegistryEndpoint endpoint, String method, URI uri, Map<String, String> headers, RequestBody body)
            throws IOException {
        return send(endpoint, TokenScope.push(endpoint.path()), new RegistryRequest(method, uri, headers, body));
    }

    /**
     * The answer to a request; its status is neither that of a refusal nor of a busy server.
     *
     * @throws NotFoundException when the registry lets nobody read, which it also does of what does not exist
     * @throws DeniedException when the registry does not let the user write, or does not know who asks
     * @throws BusyException when it may answer later
     */
    RegistryResponse send(RegistryEndpoint endpoint, TokenScope scope, RegistryRequest request) throws IOException {
        // An upload may lead to another server, which authorizes by the address alone.
        boolean own = HttpTransport.sameOrigin(endpoint.uri(""), request.uri());
        Optional<String> proof = own ? authorizer.header(endpoint, scope) : Optional.empty();
        RegistryResponse answer = send(request, proof);
        if (answer.status() == 401 && own) {
            List<String> challenges = answer.headers().allValues("WWW-Authenticate");
            Optional<String> better = authorizer.answer(endpoint, scope, proof, challenges);
            if (better.isPresent()) {
                answer.close();
                answer = send(request, better);
            }
        }
        return switch (answer.status()) {
            case 401, 403 -> throw denied(endpoint, scope, answer);
            case 408, 429, 500, 502, 503, 504 -> {
                answer.close();
                throw new BusyException(answer);
            }
            default -> answer;
        };
    }

    private RegistryResponse send(RegistryRequest request, Optional<String> proof) throws IOException {
        if (proof.isEmpty()) {
            return transport.send(request);
        }
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.put("Authorization", proof.get());
        return transport.send(new RegistryRequest(request.method(), request.uri(), headers, request.body()));
    }

    /**
     * Logs in, and returns an identity token where the registry gives one, else an empty text.
     *
     * @throws DeniedException when the registry refuses the login
     */
    String login(RegistryEndpoint endpoint) throws IOException {
        RegistryRequest request = RegistryRequest.get(endpoint.api(""), Map.of());
        Optional<String> identity = Optional.empty();
        try (RegistryResponse answer = transport.send(request)) {
            if (answer.status() == 401) {
                List<String> challenges = answer.headers().allValues("WWW-Authenticate");
                identity = authorizer.identityToken(endpoint, challenges);
            }
        }
        try (RegistryResponse answer = send(endpoint, TokenScope.IDENTITY, request)) {
            if (answer.status() != 200) {
                throw RegistryErrors.unexpected(answer);
            }
            return identity.orElse("");
        }
    }

    private static WherryException denied(RegistryEndpoint endpoint, TokenScope scope, RegistryResponse answer) {
        String reason =
                RegistryErrors.read(answer).map(text -> " (" + text + ")").orElse("");
        if (scope.equals(TokenScope.IDENTITY)) {
            return new DeniedException(
                    "registry " + endpoint.host() + " refuses the login: incorrect user name or password" + reason);
        }
        if (!scope.onlyReads()) {
            return new DeniedException("access to " + endpoint + " denied: log in as a user who may do this" + reason);
        }
        return new NotFoundException(
                "repository",
                endpoint.toString(),
                "access to " + endpoint + " denied: it does not exist or needs a login" + reason);
    }
}
