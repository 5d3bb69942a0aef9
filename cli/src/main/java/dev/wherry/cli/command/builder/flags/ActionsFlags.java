package dev.wherry.cli.command.builder.flags;

import dev.wherry.v1.ActionsCache;
import java.util.Map;
import java.util.Optional;

/**
 * What a cache of {@code type=gha} is reached by: attributes, or what the runner of a job says in the environment. Only
 * the second version of GitHub's service exists any more.
 */
final class ActionsFlags {

    private static final String OTHER_VERSION =
            "GitHub shut down the first version of its cache service: leave out version= or give version=2";

    private ActionsFlags() {}

    /** Where the cache is; empty outside of a job, where there is none. */
    static Optional<ActionsCache> access(
            AttributeText given, Map<String, String> attributes, Map<String, String> environment) {
        if (!attributes.getOrDefault("version", "2").equals("2")) {
            throw given.wrong(OTHER_VERSION);
        }
        String url = first(
                attributes.get("url_v2"),
                attributes.get("url"),
                environment.get("ACTIONS_RESULTS_URL"),
                environment.get("ACTIONS_CACHE_URL"));
        String token = first(attributes.get("token"), environment.get("ACTIONS_RUNTIME_TOKEN"));
        return url.isEmpty() || token.isEmpty()
                ? Optional.empty()
                : Optional.of(ActionsCache.newBuilder()
                        .setUrl(url)
                        .setToken(token)
                        .setScope(attributes.getOrDefault("scope", ""))
                        .build());
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (text != null && !text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    /** Says why a cache is left out. */
    static String absent(String flag) {
        return flag + ": type=gha is left out: there is no ACTIONS_RESULTS_URL or no ACTIONS_RUNTIME_TOKEN"
                + " (in a workflow, a step such as crazy-max/ghaction-github-runtime exposes them)";
    }
}
