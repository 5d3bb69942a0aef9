package dev.wherry.daemon.builder.dockerfile.check;

import java.util.HashSet;
import java.util.Set;

/**
 * Which rules are looked at, and whether what they find is an error: the value of the {@code check} directive.
 *
 * @param skipAll no rule but the experimental ones asked for
 * @param skipped names of rules that are left out
 * @param experimentalAll all experimental rules too
 * @param experimental names of experimental rules to look at
 * @param error whether a finding fails the build
 */
public record CheckOptions(
        boolean skipAll, Set<String> skipped, boolean experimentalAll, Set<String> experimental, boolean error) {

    public static final CheckOptions DEFAULT = new CheckOptions(false, Set.of(), false, Set.of(), false);

    private static final String ALL = "all";

    public CheckOptions {
        skipped = Set.copyOf(skipped);
        experimental = Set.copyOf(experimental);
    }

    /**
     * Reads {@code skip=Rule,Rule|all;experimental=Rule,Rule|all;error=true}, each part at most once.
     *
     * @throws IllegalArgumentException when that is not its form; the message says why
     */
    public static CheckOptions parse(String text) {
        boolean error = false;
        Set<String> skipped = Set.of();
        Set<String> experimental = Set.of();
        for (String part : text.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            switch (key) {
                case "skip" -> skipped = names(value);
                case "experimental" -> experimental = names(value);
                case "error" -> error = isTrue(value);
                default ->
                    throw new IllegalArgumentException(
                            "invalid check option \"" + key + "\": there are skip=, experimental= and error=");
            }
        }
        return new CheckOptions(skipped.contains(ALL), skipped, experimental.contains(ALL), experimental, error);
    }

    private static Set<String> names(String list) {
        Set<String> names = new HashSet<>();
        for (String name : list.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private static boolean isTrue(String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new IllegalArgumentException("invalid check option \"error=" + value + "\": it is true or false");
        };
    }

    boolean wants(Rule rule) {
        return rule.isExperimental()
                ? experimentalAll || experimental.contains(rule.title())
                : !skipAll && !skipped.contains(rule.title());
    }
}
