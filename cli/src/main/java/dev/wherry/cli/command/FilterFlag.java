package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.Filter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The values of {@code --filter}. Which keys and values there are is up to the daemon. */
public final class FilterFlag {
    private FilterFlag() {}

    /**
     * Reads {@code KEY=VALUE} options. As docker does, this ignores an empty option, blanks around key and value, and the
     * case of the key.
     *
     * @throws Failure if an option has no equals sign
     */
    public static List<Filter> parse(List<String> options) {
        Map<String, Filter.Builder> filters = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (option.isEmpty()) {
                continue;
            }
            if (equals < 0) {
                throw new Failure("--filter " + option + ": must be KEY=VALUE");
            }
            String key = option.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            filters.computeIfAbsent(key, name -> Filter.newBuilder().setKey(name))
                    .addValues(option.substring(equals + 1).strip());
        }
        return filters.values().stream().map(Filter.Builder::build).toList();
    }
}
