package dev.wherry.daemon.builder.cache.actions;

import dev.wherry.daemon.error.InvalidInputException;
import java.net.URI;
import java.util.Locale;

/**
 * Where the cache service is, and what it is used with. The token is that of one job of a runner: it is kept in memory,
 * for one build.
 *
 * @param url ends with a slash
 * @param scope separates the caches of one branch
 */
public record ActionsAccess(URI url, ActionsToken token, String scope) {

    private static final String USUAL_SCOPE = "buildkit";

    /**
     * @param scope empty for the usual one
     * @throws InvalidInputException when the address or the token is malformed
     */
    public static ActionsAccess of(String url, String token, String scope) {
        return new ActionsAccess(address(url), ActionsToken.parse(token), scope.isEmpty() ? USUAL_SCOPE : scope);
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text : text + "/");
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            // Said below.
        }
        throw new InvalidInputException("the address of the GitHub Actions cache is no web address");
    }

    /** Whether the user named an address without TLS. */
    boolean isPlain() {
        return url.getScheme().equalsIgnoreCase("http");
    }

    @Override
    public String toString() {
        return "the GitHub Actions cache, scope " + scope;
    }
}
