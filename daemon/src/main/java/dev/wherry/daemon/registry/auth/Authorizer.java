package dev.wherry.daemon.registry.auth;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Proves to registries who asks, by a password or by bearer tokens. What proved right is kept in memory and used for the
 * next request; an authorizer with logins lives as long as the call that they came with.
 */
public final class Authorizer {

    private final RegistryLogins logins;
    private final TokenService service;
    private final Map<Place, Proof> known = new ConcurrentHashMap<>();
    private final ReentrantLock fetching = new ReentrantLock();

    public Authorizer(HttpTransport transport, RegistryLogins logins) {
        this.logins = logins;
        this.service = new TokenService(transport);
    }

    private record Place(RegistryEndpoint endpoint, TokenScope scope) {
        // Written out: those that a record comes with are interpreted in a native executable.
        @Override
        public boolean equals(Object other) {
            return other instanceof Place that && endpoint.equals(that.endpoint) && scope.equals(that.scope);
        }

        @Override
        public int hashCode() {
            return 31 * endpoint.hashCode() + scope.hashCode();
        }
    }

    private record Proof(String header, Instant end) {}

    /** The value of the {@code Authorization} header that should do; empty for none. */
    public Optional<String> header(RegistryEndpoint endpoint, TokenScope scope) {
        return Optional.ofNullable(known.get(new Place(endpoint, scope)))
                .filter(proof -> proof.end.isAfter(Instant.now()))
                .map(Proof::header);
    }

    /**
     * Answers a refusal.
     *
     * @param refused the header that did not do; empty for none
     * @param challenges the values of {@code WWW-Authenticate}
     * @return the header to ask with again; empty when there is no point
     * @throws IOException when the token service does not answer
     */
    public Optional<String> answer(
            RegistryEndpoint endpoint, TokenScope scope, Optional<String> refused, List<String> challenges)
            throws IOException {
        lock();
        try {
            // Requests side by side are refused together, and one token is enough for all.
            Optional<String> meanwhile = header(endpoint, scope);
            if (meanwhile.isPresent() && !meanwhile.equals(refused)) {
                return meanwhile;
            }
            known.remove(new Place(endpoint, scope));
            Optional<Proof> proof = prove(endpoint, scope, refused, challenges);
            proof.ifPresent(found -> known.put(new Place(endpoint, scope), found));
            return proof.map(Proof::header);
        } finally {
            fetching.unlock();
        }
    }

    private Optional<Proof> prove(
            RegistryEndpoint endpoint, TokenScope scope, Optional<String> refused, List<String> challenges)
            throws IOException {
        Optional<RegistryLogin> login = logins.of(endpoint.host());
        Optional<AuthChallenge> bearer = AuthChallenge.bearer(challenges);
        if (login.filter(RegistryLogin::hasRegistryToken).isPresent()) {
            return bearer.map(_ -> "Bearer " + login.get().registryToken())
                    .filter(header -> !header.equals(refused.orElse(null)))
                    .map(header -> new Proof(header, Instant.MAX));
        }
        if (bearer.isPresent()) {
            String demanded = Optional.ofNullable(bearer.get().scope()).orElse("");
            return service.fetch(bearer.get(), scope.with(demanded), login, false)
                    .map(token ->
                            new Proof("Bearer " + token.value(), Instant.now().plus(token.life())));
        }
        return login.filter(_ -> AuthChallenge.asksForPassword(challenges))
                .map(RegistryLogin::basic)
                .filter(header -> !header.equals(refused.orElse(null)))
                .map(header -> new Proof(header, Instant.MAX));
    }

    /**
     * Asks the token service for an identity token, which takes the place of the password from then on.
     *
     * @return empty when there is no such service, or it gives none
     */
    public Optional<String> identityToken(RegistryEndpoint endpoint, List<String> challenges) throws IOException {
        Optional<AuthChallenge> bearer = AuthChallenge.bearer(challenges);
        return bearer.isEmpty()
                ? Optional.empty()
                : service.fetch(bearer.get(), TokenScope.IDENTITY.with(""), logins.of(endpoint.host()), true)
                        .flatMap(TokenService.Token::identity);
    }

    private void lock() {
        try {
            fetching.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while waiting for a token", interrupted);
        }
    }
}
