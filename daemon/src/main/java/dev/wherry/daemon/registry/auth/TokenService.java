package dev.wherry.daemon.registry.auth;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Asks the token service that a registry names for bearer tokens: anonymously or with a password by GET (distribution
 * token specification, "Requesting a Token"), with an identity token by POST ("OAuth2 Token Authentication").
 */
final class TokenService {

    private static final int MAX_ANSWER = 1 << 20;
    private static final long DEFAULT_LIFE_SECONDS = 60;
    private static final String CLIENT = "wherry";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpTransport transport;

    TokenService(HttpTransport transport) {
        this.transport = transport;
    }

    /**
     * A token.
     *
     * @param life how long it may be used
     * @param identity an identity token to log in with from now on, where the service gives one
     */
    record Token(String value, Duration life, Optional<String> identity) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Grant(
            String token,
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("refresh_token") String refreshToken,
            @JsonProperty("expires_in") long expiresIn) {}

    /**
     * Gets a token.
     *
     * @param identity whether to ask for an identity token too
     * @return empty when the service refuses
     * @throws IOException when it does not answer, or not as it should
     */
    Optional<Token> fetch(AuthChallenge challenge, Set<String> scopes, Optional<RegistryLogin> login, boolean identity)
            throws IOException {
        boolean byPost = login.filter(RegistryLogin::hasIdentityToken).isPresent();
        RegistryRequest request =
                byPost ? post(challenge, scopes, login.get()) : get(challenge, scopes, login, identity);
        try (RegistryResponse answer = transport.send(request)) {
            if (answer.status() >= 500 || answer.status() == 429) {
                throw new BusyException(answer);
            }
            if (answer.status() != 200) {
                return Optional.empty();
            }
            return token(JSON.readValue(answer.body().readNBytes(MAX_ANSWER), Grant.class));
        } catch (JacksonException malformed) {
            throw new ProtocolException("its token service does not answer in JSON");
        }
    }

    private static Optional<Token> token(Grant grant) {
        String value = grant.token() == null ? grant.accessToken() : grant.token();
        if (value == null || !value.matches("[\\x21-\\x7e]+")) {
            return Optional.empty();
        }
        // Renewed a little early, since it must last until the registry has looked at it.
        Duration life = Duration.ofSeconds(Math.max(DEFAULT_LIFE_SECONDS, grant.expiresIn()) * 9 / 10);
        return Optional.of(
                new Token(value, life, Optional.ofNullable(grant.refreshToken()).filter(token -> !token.isEmpty())));
    }

    private static RegistryRequest get(
            AuthChallenge challenge, Set<String> scopes, Optional<RegistryLogin> login, boolean identity)
            throws ProtocolException {
        StringJoiner query = new StringJoiner("&");
        if (challenge.service() != null) {
            query.add(field("service", challenge.service()));
        }
        scopes.forEach(scope -> query.add(field("scope", scope)));
        login.ifPresent(known -> query.add(field("account", known.user())));
        if (identity) {
            query.add(field("offline_token", "true"));
            query.add(field("client_id", CLIENT));
        }
        String realm = challenge.realm();
        String separator = query.length() == 0 ? "" : realm.contains("?") ? "&" : "?";
        return new RegistryRequest(
                "GET",
                address(realm + separator + query),
                login.map(known -> Map.of("Authorization", known.basic())).orElse(Map.of()),
                RequestBody.NONE);
    }

    private static RegistryRequest post(AuthChallenge challenge, Set<String> scopes, RegistryLogin login)
            throws ProtocolException {
        StringJoiner form = new StringJoiner("&");
        form.add(field("grant_type", "refresh_token"));
        form.add(field("refresh_token", login.identityToken()));
        form.add(field("client_id", CLIENT));
        if (challenge.service() != null) {
            form.add(field("service", challenge.service()));
        }
        if (!scopes.isEmpty()) {
            form.add(field("scope", String.join(" ", scopes)));
        }
        return new RegistryRequest(
                "POST",
                address(challenge.realm()),
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                RequestBody.of(form.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static URI address(String text) throws ProtocolException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException("its token service is no address");
        }
    }

    private static String field(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
