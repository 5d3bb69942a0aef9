package dev.wherry.daemon.registry.auth;

import dev.wherry.daemon.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * A user's login at one registry: a name with a password, an identity token that a token service gave at an earlier login,
 * or a token for the registry itself, for which no service is asked. It comes with a call and is forgotten with it; its text never shows the secret.
 *
 * @param user empty where there is only an identity token
 * @param password empty where there is an identity token
 * @param identityToken empty where there is a password
 * @param registryToken empty where there is one of the others; else it alone counts
 */
public record RegistryLogin(String user, String password, String identityToken, String registryToken) {

    public RegistryLogin {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(identityToken);
        if (!registryToken.matches("[\\x21-\\x7e]*+")) {
            throw new InvalidInputException("the registry token has characters that no token has");
        }
    }

    public RegistryLogin(String user, String password, String identityToken) {
        this(user, password, identityToken, "");
    }

    /** A login by a token that the registry itself takes. */
    public static RegistryLogin byToken(String registryToken) {
        return new RegistryLogin("", "", "", registryToken);
    }

    boolean hasRegistryToken() {
        return !registryToken.isEmpty();
    }

    boolean hasIdentityToken() {
        return !identityToken.isEmpty();
    }

    /** The value of an {@code Authorization} header (RFC 7617, "The 'Basic' Authentication Scheme"). */
    String basic() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
        return "a login";
    }
}
