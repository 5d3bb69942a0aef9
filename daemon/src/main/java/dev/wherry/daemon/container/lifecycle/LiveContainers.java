package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Exit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link LiveContainer} of each container, by the container's ID. */
final class LiveContainers {

    private static final long REMEMBERED_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MOST_REMEMBERED = 1000;

    private final Map<String, LiveContainer> byId = new ConcurrentHashMap<>();
    /** How containers ended that were removed at that, in the order of their ends. Guarded by itself. */
    private final Map<String, Ended> ended = new LinkedHashMap<>();

    private record Ended(Exit exit, long nanoTime) {}

    /** Remembers for a moment how a container ended that was removed at that: clients that ask right after get an answer. */
    void endedAndRemoved(String id, Exit exit) {
        synchronized (ended) {
            ended.put(id, new Ended(exit, System.nanoTime()));
            if (ended.size() > MOST_REMEMBERED) {
                ended.remove(ended.keySet().iterator().next());
            }
        }
    }

    /** How a container ended that was removed at that a moment ago. */
    Optional<Exit> exitOfRemoved(String id) {
        synchronized (ended) {
            long now = System.nanoTime();
            ended.values().removeIf(one -> now - one.nanoTime() > REMEMBERED_NANOS);
            return Optional.ofNullable(ended.get(id)).map(Ended::exit);
        }
    }

    /** Made at the first call. */
    LiveContainer of(String id) {
        return byId.computeIfAbsent(id, absent -> new LiveContainer());
    }

    /** The container is removed. Whoever still holds its {@link LiveContainer} sees that. */
    void forget(String id) {
        byId.remove(id);
    }
}
