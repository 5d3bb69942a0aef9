package dev.wherry.daemon.registry.auth;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/** Anonymous bearer tokens by endpoint, as the distribution token specification describes them. Kept in memory. */
public final class BearerTokens {

    private static final int MAX_ANSWER = 1 << 20;
    private static final long DEFAULT_LIFE_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpTransport transport;
    private final Map<RegistryEndpoint, Token> known = new ConcurrentHashMap<>();

    public BearerTokens(HttpTransport transport) {
        this.transport = transport;
    }

    private record Token(String value, Instant end) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Grant(
            String token,
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("expires_in") long expiresIn) {}

    /** A token for the endpoint that should still be good. */
    public Optional<String> known(RegistryEndpoint endpoint) {
        return Optional.ofNullable(known.get(endpoint))
                .filter(token -> token.end.isAfter(Instant.now()))
                .map(Token::value);
    }

    /** Gets a token as the registry demands; empty when none is given to the anonymous. */
    public Optional<String> fetch(RegistryEndpoint endpoint, AuthChallenge challenge) throws IOException {
        known.remove(endpoint);
        try (RegistryResponse answer = transport.get(uri(endpoint, challenge), Map.of())) {
            if (answer.status() >= 500 || answer.status() == 429) {
                throw new BusyException(answer);
            }
            if (answer.status() != 200) {
                return Optional.empty();
            }
            Grant grant = JSON.readValue(answer.body().readNBytes(MAX_ANSWER), Grant.class);
            String value = grant.token() == null ? grant.accessToken() : grant.token();
            if (value == null || !value.matches("[\\x21-\\x7e]+")) {
                return Optional.empty();
            }
            // Renewed a little early, since it must last until the registry has looked at it.
            Duration life = Duration.ofSeconds(Math.max(DEFAULT_LIFE_SECONDS, grant.expiresIn()) * 9 / 10);
            known.put(endpoint, new Token(value, Instant.now().plus(life)));
            return Optional.of(value);
        } catch (JacksonException malformed) {
            throw new ProtocolException("its token service does not answer in JSON");
        }
    }

    private static URI uri(RegistryEndpoint endpoint, AuthChallenge challenge) throws ProtocolException {
        StringJoiner query = new StringJoiner("&");
        if (challenge.service() != null) {
            query.add("service=" + encode(challenge.service()));
        }
        String scope = challenge.scope() == null ? "repository:" + endpoint.path() + ":pull" : challenge.scope();
        query.add("scope=" + encode(scope));
        try {
            return URI.create(challenge.realm() + (challenge.realm().contains("?") ? "&" : "?") + query);
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException("its token service \"" + challenge.realm() + "\" is no address");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
