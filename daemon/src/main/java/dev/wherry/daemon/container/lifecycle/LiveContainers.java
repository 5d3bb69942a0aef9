package dev.wherry.daemon.container.lifecycle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link LiveContainer} of each container, by the container's ID. */
final class LiveContainers {

    private final Map<String, LiveContainer> byId = new ConcurrentHashMap<>();

    /** Made at the first call. */
    LiveContainer of(String id) {
        return byId.computeIfAbsent(id, absent -> new LiveContainer());
    }

    /** The container is removed. Whoever still holds its {@link LiveContainer} sees that. */
    void forget(String id) {
        byId.remove(id);
    }
}
