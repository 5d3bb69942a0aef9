package dev.wherry.daemon.registry.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry's demand for proof of who asks (RFC 9110, "WWW-Authenticate"), as the distribution token specification uses
 * it.
 *
 * @param scheme in lower case
 * @param realm where to get a token, for the scheme "bearer"
 * @param service null where it is not said
 * @param scope null where it is not said
 */
public record AuthChallenge(String scheme, String realm, String service, String scope) {

    private static final Pattern SCHEME = Pattern.compile("(?i)(?:^|,)\\s*(basic|bearer)(?=\\s|$)");
    private static final Pattern PARAMETER =
            Pattern.compile("([a-zA-Z_]{1,32})\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.){0,4096}+)\"|([^\\s\",]{1,4096}))");

    /** The first demand for a bearer token among the values of the header. */
    public static Optional<AuthChallenge> bearer(List<String> values) {
        return first("bearer", values).filter(challenge -> challenge.realm != null);
    }

    /** Whether a name with a password would do. */
    static boolean asksForPassword(List<String> values) {
        return first("basic", values).isPresent();
    }

    private static Optional<AuthChallenge> first(String scheme, List<String> values) {
        for (String value : values) {
            Matcher begin = SCHEME.matcher(value);
            while (begin.find()) {
                if (begin.group(1).toLowerCase(Locale.ROOT).equals(scheme)) {
                    Map<String, String> parameters = parameters(value.substring(begin.end()));
                    return Optional.of(new AuthChallenge(
                            scheme, parameters.get("realm"), parameters.get("service"), parameters.get("scope")));
                }
            }
        }
        return Optional.empty();
    }

    /** The parameters of the first challenge; those of a later one in the same value do not replace them. */
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
