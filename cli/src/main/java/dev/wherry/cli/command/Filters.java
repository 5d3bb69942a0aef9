package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The {@code --filter} flags of a command: an object must match every key, and any of the values of a key.
 *
 * @param values values by key
 */
public record Filters(Map<String, List<String>> values) {
    /**
     * Reads {@code KEY=VALUE} options.
     *
     * @throws Failure when a key is none of {@code known}
     */
    public static Filters parse(List<String> options, Set<String> known) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            String key = equals < 0 ? option : option.substring(0, equals);
            if (equals < 0 || !known.contains(key)) {
                throw new Failure("--filter " + option + ": must be KEY=VALUE with one of "
                        + String.join(", ", new TreeSet<>(known)));
            }
            values.computeIfAbsent(key, _ -> new ArrayList<>()).add(option.substring(equals + 1));
        }
        return new Filters(values);
    }

    /** The first value of a key, or nothing. */
    public String first(String key) {
        return values.getOrDefault(key, List.of("")).getFirst();
    }

    /** Whether the key was not asked for, or one of its values is this one. */
    public boolean matches(String key, String value) {
        return !values.containsKey(key) || values.get(key).contains(value);
    }

    /** Whether the key was not asked for, or one of its values is part of this one. */
    public boolean contains(String key, String value) {
        return !values.containsKey(key) || values.get(key).stream().anyMatch(value::contains);
    }

    /** Whether the key was not asked for, or this one starts with one of its values. */
    public boolean startsWith(String key, String value) {
        return !values.containsKey(key) || values.get(key).stream().anyMatch(value::startsWith);
    }

    /** Whether every {@code label} asked for, with or without a value, is among these. */
    public boolean matchesLabels(Map<String, String> labels) {
        return values.getOrDefault("label", List.of()).stream().allMatch(label -> {
            int equals = label.indexOf('=');
            return equals < 0
                    ? labels.containsKey(label)
                    : label.substring(equals + 1).equals(labels.get(label.substring(0, equals)));
        });
    }
}
