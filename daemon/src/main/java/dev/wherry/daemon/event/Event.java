package dev.wherry.daemon.event;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened, in docker's words.
 *
 * @param id grows from event to event
 * @param type "container", "image", "network", "volume" or "pod"
 * @param action such as "start" or "health_status: healthy"
 * @param actor the ID of the container, network or sandbox, the image's ID or reference, or the volume's name
 * @param attributes what docker tells with it, such as "name" and "exitCode"
 */
public record Event(long id, String type, String action, String actor, Map<String, String> attributes, Instant time) {

    public static final String CONTAINER = "container";
    public static final String IMAGE = "image";
    public static final String NETWORK = "network";
    public static final String VOLUME = "volume";
    public static final String POD = "pod";

    public Event {
        attributes = Map.copyOf(attributes);
    }

    /** Whether this is what happened, or an action of this name with more after a colon. */
    public boolean isAction(String name) {
        return action.equals(name) || action.startsWith(name + ":");
    }
}
