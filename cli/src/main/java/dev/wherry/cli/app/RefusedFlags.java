package dev.wherry.cli.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flags that docker's command has and this one does not have yet. They are refused by name: a user of docker who gives
 * one means it, and would be misled if the flag were taken for a typing error, or ignored.
 */
final class RefusedFlags {
    private final Map<String, String> shown = new HashMap<>();

    private RefusedFlags() {}

    /**
     * Reads a list of flags.
     *
     * @param flags long names without dashes, separated by white space; a short form follows its long one after a comma
     */
    static RefusedFlags parse(String flags) {
        RefusedFlags refused = new RefusedFlags();
        for (String flag : flags.strip().split("\\s+")) {
            List<String> names = List.of(flag.split(","));
            String longName = "--" + names.getFirst();
            boolean hasShort = names.size() > 1;
            refused.shown.put(longName, hasShort ? longName + " (-" + names.get(1) + ")" : longName);
            if (hasShort) {
                refused.shown.put("-" + names.get(1), refused.shown.get(longName));
            }
        }
        return refused;
    }

    /** How messages show a flag, if it is one that is refused. */
    Optional<String> find(String flag) {
        return Optional.ofNullable(shown.get(flag));
    }
}
