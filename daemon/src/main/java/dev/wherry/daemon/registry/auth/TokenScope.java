package dev.wherry.daemon.registry.auth;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a request needs access to (distribution token specification, "Token Scope"), such as
 * {@code repository:library/node:pull}.
 *
 * @param text several scopes are separated by spaces; empty for proof of who one is and nothing more
 */
public record TokenScope(String text) {

    /** For a request that only proves who one is, as a login does. */
    public static final TokenScope IDENTITY = new TokenScope("");

    /** For the list of the repositories of a registry. */
    public static final TokenScope CATALOG = new TokenScope("registry:catalog:*");

    public static TokenScope pull(String repository) {
        return new TokenScope("repository:" + repository + ":pull");
    }

    public static TokenScope push(String repository) {
        return new TokenScope("repository:" + repository + ":pull,push");
    }

    /** For this and what the other one allows. */
    public TokenScope and(TokenScope other) {
        return new TokenScope((text + " " + other.text).strip());
    }

    /** Whether nothing is changed. */
    public boolean onlyReads() {
        return text.endsWith(":pull") && !text.contains(" ");
    }

    // Written out: those that a record comes with are interpreted in a native executable.
    @Override
    public boolean equals(Object other) {
        return other instanceof TokenScope that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The single scopes, with those that a registry demands besides. */
    Set<String> with(String demanded) {
        Set<String> all = new LinkedHashSet<>();
        all.addAll(Arrays.asList(text.split(" ")));
        all.addAll(Arrays.asList(demanded.split(" ")));
        all.remove("");
        return all;
    }
}
