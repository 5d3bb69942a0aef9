package dev.wherry.daemon.api.docker.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * An object of JSON as clients send it, read field by field. As docker reads it: what is missing and what is null are the
 * same, unknown fields are ignored, and the case of a name does not count: of several that differ in it the last one
 * holds. A field of the wrong type is the client's mistake, and is said with its place.
 */
public final class JsonBody {

    private static final int DEEPEST = 100;

    /** What Jackson says of itself within its messages. */
    private static final Pattern OF_JACKSON = Pattern.compile(",? from `[^`]*`|: enable `[^`]*` to allow");

    /** Bodies are bounded where they are read; this bounds what can be made of them. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonNode node;
    private final String place;
    /** By names in lower case, once one is asked for. */
    private Map<String, JsonNode> inAnyCase;

    private JsonBody(JsonNode node, String place) {
        this.node = node;
        this.place = place;
    }

    /**
     * Reads an object; of nothing at all an empty one.
     *
     * @throws InvalidInputException when it is something else
     */
    public static JsonBody parse(String text) {
        if (text.isBlank()) {
            return new JsonBody(JsonNodeFactory.instance.objectNode(), "");
        }
        try {
            return of(JSON.readTree(text), "");
        } catch (MismatchedInputException more) {
            throw new InvalidInputException("unexpected content after JSON");
        } catch (JsonProcessingException malformed) {
            throw new InvalidInputException("invalid JSON: " + reason(malformed));
        }
    }

    /** Says what is wrong without a word of the text itself, or of classes. */
    static String reason(JsonProcessingException malformed) {
        String message = malformed.getOriginalMessage();
        int line = message.indexOf('\n');
        return OF_JACKSON
                .matcher(line < 0 ? message : message.substring(0, line))
                .replaceAll("");
    }

    private static JsonBody of(JsonNode node, String place) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return new JsonBody(JsonNodeFactory.instance.objectNode(), place);
        }
        if (!node.isObject()) {
            throw wrong(place.isEmpty() ? "the body" : place, "an object", node);
        }
        return new JsonBody(node, place);
    }

    private static InvalidInputException wrong(String place, String wanted, JsonNode found) {
        return new InvalidInputException("invalid JSON: " + place + " must be " + wanted + ", not "
                        + found.getNodeType().name().toLowerCase(Locale.ROOT))
                .in(place);
    }

    private String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    private JsonNode find(String name) {
        if (inAnyCase == null) {
            inAnyCase = new HashMap<>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                // A null changes nothing that was said before it.
                if (!field.getValue().isNull()) {
                    inAnyCase.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
                }
            }
        }
        return inAnyCase.getOrDefault(name.toLowerCase(Locale.ROOT), JsonNodeFactory.instance.nullNode());
    }

    /** Whether the field is there and is not null. */
    public boolean has(String name) {
        return !find(name).isNull();
    }

    /** The names of the fields, in their order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A field that is a string; empty where it is not, or is missing. */
    Optional<String> given(String name) {
        return Optional.ofNullable(find(name).textValue());
    }

    /** Empty where it is missing. */
    public String text(String name) {
        JsonNode value = find(name);
        if (value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw wrong(at(name), "a string", value);
        }
        return value.textValue();
    }

    public boolean flag(String name) {
        JsonNode value = find(name);
        if (!value.isNull() && !value.isBoolean()) {
            throw wrong(at(name), "true or false", value);
        }
        return value.asBoolean(false);
    }

    /** 0 where it is missing. */
    public long number(String name) {
        return optionalNumber(name).orElse(0);
    }

    public OptionalLong optionalNumber(String name) {
        JsonNode value = find(name);
        if (value.isNull()) {
            return OptionalLong.empty();
        }
        if (!isWhole(value)) {
            throw wrong(at(name), "a whole number", value);
        }
        return OptionalLong.of(value.longValue());
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong();
    }

    /** As above, of what fits 32 bits. */
    public int integer(String name) {
        long number = number(name);
        if (number != (int) number) {
            throw new InvalidInputException("invalid JSON: " + at(name) + " is out of range: " + number).in(at(name));
        }
        return (int) number;
    }

    /** A list of strings; a single string counts as a list of one. */
    public List<String> texts(String name) {
        JsonNode value = find(name);
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        return list(name, (item, where) -> {
            if (!item.isTextual()) {
                throw wrong(where, "a string", item);
            }
            return item.textValue();
        });
    }

    public List<Long> numbers(String name) {
        return list(name, (item, where) -> {
            if (!isWhole(item)) {
                throw wrong(where, "a whole number", item);
            }
            return item.longValue();
        });
    }

    /** A map of strings; numbers and booleans count as their texts. */
    public Map<String, String> map(String name) {
        JsonBody object = object(name);
        Map<String, String> map = new LinkedHashMap<>();
        for (String key : object.names()) {
            JsonNode value = object.node.get(key);
            if (value.isContainerNode()) {
                throw wrong(object.at(key), "a string", value);
            }
            map.put(key, value.isNull() ? "" : value.asText());
        }
        return map;
    }

    /** An empty one where it is missing. */
    public JsonBody object(String name) {
        return of(find(name), at(name));
    }

    public List<JsonBody> objects(String name) {
        return list(name, JsonBody::of);
    }

    /** A map of objects or of what is read as such. */
    public <T> Map<String, T> mapOf(String name, Function<JsonBody, T> read) {
        JsonBody object = object(name);
        Map<String, T> map = new LinkedHashMap<>();
        for (String key : object.names()) {
            map.put(key, read.apply(of(object.node.get(key), object.at(key))));
        }
        return map;
    }

    /** The fields of an object, each of which is a list of objects. */
    public Map<String, List<JsonBody>> listsByName(String name) {
        JsonBody object = object(name);
        Map<String, List<JsonBody>> lists = new LinkedHashMap<>();
        object.names().forEach(key -> lists.put(key, object.list(key, JsonBody::of)));
        return lists;
    }

    private interface Item<T> {
        T read(JsonNode item, String place);
    }

    private <T> List<T> list(String name, Item<T> read) {
        JsonNode value = find(name);
        if (value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(at(name), "a list", value);
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            items.add(read.read(value.get(i), at(name) + "[" + i + "]"));
        }
        return items;
    }
}
