package dev.wherry.daemon.registry.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry's demand for a token (RFC 6750, "The WWW-Authenticate Response Header Field", as the distribution token
 * specification uses it).
 *
 * @param realm where to get one
 * @param service null where it is not said
 * @param scope null where it is not said
 */
public record AuthChallenge(String realm, String service, String scope) {

    private static final Pattern PARAMETER =
            Pattern.compile("([a-zA-Z_]{1,32})\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.){0,4096}+)\"|([^\\s\",]{1,4096}))");

    /** The first demand for a bearer token among the values of the header. */
    public static Optional<AuthChallenge> bearer(List<String> values) {
        for (String value : values) {
            if (value.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
                Map<String, String> parameters = parameters(value.substring("bearer ".length()));
                if (parameters.containsKey("realm")) {
                    return Optional.of(new AuthChallenge(
                            parameters.get("realm"), parameters.get("service"), parameters.get("scope")));
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2) == null
                    ? matcher.group(3)
                    : matcher.group(2).replaceAll("\\\\(.)", "$1");
            parameters.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
        }
        return parameters;
    }
}
