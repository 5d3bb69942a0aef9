package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Options of BuildKit: words by their names. */
record Attributes(Map<String, String> values) {

    Attributes {
        values = Map.copyOf(values);
    }

    /** Empty when there is none, or nothing in it. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** As Go reads truth. */
    boolean flag(String name, boolean otherwise) {
        return text(name)
                .map(value -> switch (value) {
                    case "1", "t", "T", "true", "TRUE", "True" -> true;
                    case "0", "f", "F", "false", "FALSE", "False" -> false;
                    default -> throw wrong(name, value);
                })
                .orElse(otherwise);
    }

    Optional<Boolean> flag(String name) {
        return text(name).map(_ -> flag(name, false));
    }

    OptionalInt number(String name) {
        return text(name)
                .map(value -> {
                    try {
                        return OptionalInt.of(Integer.parseInt(value));
                    } catch (NumberFormatException word) {
                        throw wrong(name, value);
                    }
                })
                .orElse(OptionalInt.empty());
    }

    OptionalLong bytes(String name) {
        return text(name)
                .map(value -> {
                    if (!value.matches("[0-9]{1,18}")) {
                        throw wrong(name, value);
                    }
                    return OptionalLong.of(Long.parseLong(value));
                })
                .orElse(OptionalLong.empty());
    }

    /** The parts of a value between commas. */
    List<String> list(String name) {
        return text(name)
                .map(value -> Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    /** Those whose names begin so, by what follows. */
    Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private static InvalidInputException wrong(String name, String value) {
        return new InvalidInputException("invalid value for " + name + ": \"" + value + "\"");
    }
}
