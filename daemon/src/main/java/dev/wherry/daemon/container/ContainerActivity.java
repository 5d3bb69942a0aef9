package dev.wherry.daemon.container;

import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** What is done with containers without changing them, told as docker tells it. */
@Singleton
public final class ContainerActivity {

    private static final Logger LOG = Logger.getLogger(ContainerActivity.class);

    private final Events events;

    public ContainerActivity(Events events) {
        this.events = events;
    }

    /**
     * Tells of something that has been done; it stays done where an event cannot be written, as on a full disk.
     *
     * @param more what docker tells besides the container's name, image and labels
     */
    public void tell(Container container, String action, Map<String, String> more) {
        try {
            events.tell(Event.CONTAINER, action, container.id(), attributes(container, more));
        } catch (WherryException failure) {
            LOG.warnf(
                    "nobody is told of \"%s\" of container %s: %s", action, container.shortId(), failure.getMessage());
        }
    }

    /** What each event of a container has. */
    public static Map<String, String> attributes(Container container, Map<String, String> more) {
        Map<String, String> attributes = new HashMap<>(container.settings().labels());
        attributes.put("image", container.settings().request().image());
        attributes.put("name", container.name());
        attributes.putAll(more);
        return attributes;
    }
}
