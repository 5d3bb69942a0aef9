package dev.wherry.daemon.event;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which events a client wants to see, as docker's {@code events} has them.
 *
 * @throws InvalidInputException when a filter is not known
 */
public record EventFilter(Filters filters) implements Predicate<Event> {

    private static final Set<String> KEYS =
            Set.of("container", "image", "network", "event", "type", "volume", Filters.LABEL);

    public EventFilter {
        filters.requireKeys(KEYS);
    }

    @Override
    public boolean test(Event event) {
        return filters.matches("type", event.type())
                && filters.any("event", event::isAction)
                && filters.matchesLabels(event.attributes())
                && filters.any("container", name -> isOf(Event.CONTAINER, event, name))
                && filters.any("network", name -> isOf(Event.NETWORK, event, name))
                && filters.any("image", name -> isOfImage(event, name))
                && filters.any("volume", name -> isOf(Event.VOLUME, event, name));
    }

    private static boolean isOf(String type, Event event, String name) {
        return event.type().equals(type)
                && (event.actor().startsWith(name)
                        || name.equals(event.attributes().get("name")));
    }

    private static boolean isOfImage(Event event, String name) {
        Map<String, String> attributes = event.attributes();
        return event.type().equals(Event.CONTAINER)
                ? isImage(attributes.getOrDefault("image", ""), name)
                : event.type().equals(Event.IMAGE)
                        && (isImage(event.actor(), name) || isImage(attributes.getOrDefault("name", ""), name));
    }

    /** By its whole name, or by its repository, whatever the tag. */
    private static boolean isImage(String name, String wanted) {
        int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
        return name.equals(wanted) || tag > 0 && name.substring(0, tag).equals(wanted);
    }
}
