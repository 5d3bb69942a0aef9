package dev.wherry.daemon.event;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which events somebody wants to see, as docker's {@code --filter} says it: of one key any value may match, of several
 * keys all must.
 *
 * @param values values by key
 */
public record EventFilter(Map<String, List<String>> values) implements Predicate<Event> {

    private static final Set<String> KNOWN = Set.of("container", "image", "event", "type", "label");

    /**
     * Reads "KEY=VALUE" texts.
     *
     * @throws InvalidInputException when a key is not known
     */
    public static EventFilter parse(List<String> texts) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String key = equals < 0 ? text : text.substring(0, equals);
            if (equals < 0 || !KNOWN.contains(key)) {
                throw new InvalidInputException("event filter " + text + ": must be KEY=VALUE with one of "
                        + String.join(", ", new TreeSet<>(KNOWN)));
            }
            values.computeIfAbsent(key, absent -> new ArrayList<>()).add(text.substring(equals + 1));
        }
        return new EventFilter(values);
    }

    @Override
    public boolean test(Event event) {
        return values.entrySet().stream()
                .allMatch(entry -> entry.getValue().stream().anyMatch(value -> matches(event, entry.getKey(), value)));
    }

    private static boolean matches(Event event, String key, String value) {
        Map<String, String> attributes = event.attributes();
        boolean ofContainer = event.type().equals(Event.CONTAINER);
        return switch (key) {
            case "type" -> event.type().equals(value);
            case "event" -> event.isAction(value);
            case "label" -> hasLabel(attributes, value);
            case "container" ->
                ofContainer && (event.actor().startsWith(value) || value.equals(attributes.get("name")));
            case "image" ->
                isImage(ofContainer ? attributes.getOrDefault("image", "") : event.actor(), value)
                        || !ofContainer && isImage(attributes.getOrDefault("name", ""), value);
            default -> throw new IllegalStateException(key);
        };
    }

    private static boolean hasLabel(Map<String, String> attributes, String label) {
        int equals = label.indexOf('=');
        return equals < 0
                ? attributes.containsKey(label)
                : label.substring(equals + 1).equals(attributes.get(label.substring(0, equals)));
    }

    /** By its whole name, or by its repository, whatever the tag. */
    private static boolean isImage(String name, String wanted) {
        int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
        return name.equals(wanted) || tag > 0 && name.substring(0, tag).equals(wanted);
    }
}
