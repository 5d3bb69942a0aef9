package dev.wherry.daemon.filter;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The filters of one request. An object is chosen if it matches every key; it matches a key if it matches any of the
 * key's values. Labels are the exception: all of them must match.
 *
 * @param values values by key
 */
public record Filters(Map<String, List<String>> values) {

    public static final String LABEL = "label";

    /** Labels that an object must not have. */
    public static final String WITHOUT_LABEL = "label!";

    /** A time: only what was created before it. */
    public static final String UNTIL = "until";

    /** The field of requests that carries filters. */
    static final String FIELD = "filters";

    public static final Filters NONE = new Filters(Map.of());

    public Filters {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((key, all) -> copy.put(key, List.copyOf(all)));
        values = java.util.Collections.unmodifiableMap(copy);
    }

    /**
     * Refuses keys that the object does not have.
     *
     * @throws InvalidInputException when a key is not known
     */
    public Filters requireKeys(Collection<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new InvalidInputException(
                                "invalid filter '" + key + "': use one of " + String.join(", ", new TreeSet<>(known)))
                        .in(FIELD);
            }
        }
        return this;
    }

    /**
     * Refuses values that a key cannot have.
     *
     * @throws InvalidInputException when a value is not among these
     */
    public Filters requireValues(String key, Set<String> possible) {
        for (String value : values(key)) {
            if (!possible.contains(value)) {
                throw invalid(key, value, "use one of " + String.join(", ", new TreeSet<>(possible)));
            }
        }
        return this;
    }

    /** The error for a value that a key cannot have. */
    public static InvalidInputException invalid(String key, String value, String remedy) {
        return new InvalidInputException("invalid filter '" + key + "=" + value + "': " + remedy).in(FIELD);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The values of a key; empty when the key is not given. */
    public List<String> values(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Whether the key is not given, or one of its values passes. */
    public boolean any(String key, Predicate<String> passes) {
        return !has(key) || values(key).stream().anyMatch(passes);
    }

    /** Whether the key is not given, or one of its values is this one. */
    public boolean matches(String key, String value) {
        return any(key, value::equals);
    }

    /** Whether an object has all labels of {@link #LABEL} and none of {@link #WITHOUT_LABEL}. */
    public boolean matchesLabels(Map<String, String> labels) {
        return values(LABEL).stream().allMatch(label -> has(labels, label))
                && values(WITHOUT_LABEL).stream().noneMatch(label -> has(labels, label));
    }

    /** @param label a key, or a key and a value: "KEY=VALUE" */
    private static boolean has(Map<String, String> labels, String label) {
        int equals = label.indexOf('=');
        return equals < 0
                ? labels.containsKey(label)
                : label.substring(equals + 1).equals(labels.get(label.substring(0, equals)));
    }

    /**
     * The value of a key that is true or false.
     *
     * @throws InvalidInputException when it is neither, or both
     */
    public Optional<Boolean> flag(String key) {
        Optional<Boolean> flag = Optional.empty();
        for (String value : values(key)) {
            boolean on = switch (value) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> throw invalid(key, value, "use true or false");
            };
            if (flag.isPresent() && flag.get() != on) {
                throw invalid(key, value, "the same filter is given with the opposite value too");
            }
            flag = Optional.of(on);
        }
        return flag;
    }

    /** Whether the key is not given, or its value is this one; {@link #flag} has checked the values before. */
    public boolean matches(String key, boolean value) {
        return flag(key).filter(wanted -> wanted != value).isEmpty();
    }

    /**
     * The time of {@link #UNTIL}.
     *
     * @throws InvalidInputException when it is no time, or there are several
     */
    public Optional<Instant> until(Instant now) {
        List<String> times = values(UNTIL);
        if (times.size() > 1) {
            throw invalid(UNTIL, times.get(1), "this filter can be given once only");
        }
        return times.stream()
                .findFirst()
                .map(time -> PointInTime.parse(time, now)
                        .orElseThrow(() -> invalid(
                                UNTIL,
                                time,
                                "give a timestamp such as 2026-01-02T13:00:00Z, or a relative time such as 10m")));
    }

    /**
     * The values of a key as patterns.
     *
     * @throws InvalidInputException when a value is too long for a pattern
     */
    public List<TextPattern> regularExpressions(String key) {
        return values(key).stream()
                .map(value -> TextPattern.regularExpression(key, value))
                .toList();
    }
}
