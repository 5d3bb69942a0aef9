package dev.wherry.daemon.api.docker.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What stands behind the question mark of a request. Of a value that is given twice, the first one counts. */
public final class Parameters {

    private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

    private final Map<String, List<String>> values;

    Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Empty where it is not given. */
    public String text(String name) {
        return texts(name).stream().findFirst().orElse("");
    }

    public List<String> texts(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** As docker has it, all is true that is not written as false. */
    public boolean flag(String name) {
        return !FALSE.contains(text(name).strip().toLowerCase(Locale.ROOT));
    }

    /** The same, where what is not given is true. */
    public boolean flagOrTrue(String name) {
        return !has(name) || flag(name);
    }

    /** @throws InvalidInputException when it is no number */
    public OptionalInt number(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException wrong) {
            throw new InvalidInputException("invalid value for " + name + ": \"" + text + "\" is not a number")
                    .in(name);
        }
    }

    /**
     * A time in seconds since 1970, with a fraction or not.
     *
     * @throws InvalidInputException when it is none
     */
    public Optional<Instant> time(String name) {
        String text = text(name);
        if (text.isEmpty() || text.equals("0")) {
            return Optional.empty();
        }
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (text.length() > 40 || seconds.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE * 100L)) > 0) {
                throw new NumberFormatException();
            }
            return Optional.of(
                    Instant.ofEpochSecond(0, seconds.movePointRight(9).longValue()));
        } catch (NumberFormatException wrong) {
            try {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException noTime) {
                throw new InvalidInputException("invalid value for " + name + ": \"" + text + "\" is not a time")
                        .in(name);
            }
        }
    }

    /**
     * Filters, which come as JSON: {@code {"label": {"a=b": true}}}, or {@code {"label": ["a=b"]}} from older clients.
     *
     * @throws InvalidInputException when they are malformed
     */
    public Filters filters() {
        String text = text("filters");
        return text.isEmpty() ? Filters.NONE : new Filters(filters(text));
    }

    private static Map<String, List<String>> filters(String text) {
        JsonNode root;
        try {
            root = JsonBody.JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw invalid(JsonBody.reason(malformed));
        }
        if (!root.isObject()) {
            throw invalid("an object is wanted");
        }
        Map<String, List<String>> filters = new LinkedHashMap<>();
        root.properties().forEach(entry -> filters.put(entry.getKey(), values(entry.getKey(), entry.getValue())));
        return filters;
    }

    private static List<String> values(String key, JsonNode value) {
        List<String> list = new ArrayList<>();
        if (value.isObject()) {
            value.properties().stream()
                    .filter(entry -> entry.getValue().asBoolean(true))
                    .forEach(entry -> list.add(entry.getKey()));
        } else if (value.isArray()) {
            value.forEach(one -> list.add(one.asText()));
        } else if (!value.isNull()) {
            throw invalid("the values of " + key + " are a list or an object");
        }
        return list;
    }

    private static InvalidInputException invalid(String reason) {
        return new InvalidInputException("invalid filter: " + reason).in("filters");
    }
}
