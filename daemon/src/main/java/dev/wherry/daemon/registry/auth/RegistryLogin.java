package dev.wherry.daemon.registry.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * A user's login at one registry: a name with a password, or an identity token that a token service gave at an earlier
 * login. It comes with a call and is forgotten with it; its text never shows the secret.
 *
 * @param user empty where there is only an identity token
 * @param password empty where there is an identity token
 * @param identityToken empty where there is a password
 */
public record RegistryLogin(String user, String password, String identityToken) {

    public RegistryLogin {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(identityToken);
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
