package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.metadata.Identifiers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The paths that were handed out and that nobody has asked for yet. Each can be used once, within a minute. */
final class PendingStreams {

    static final int MOST = 1000;
    static final Duration LIFE = Duration.ofMinutes(1);

    private record Pending(StreamTarget target, long end) {}

    private final InstantSource clock;
    private final Map<String, Pending> targets = new HashMap<>();

    PendingStreams(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes a path that nobody can guess.
     *
     * @param kind its first part
     * @throws ExhaustedException when too many are waiting
     */
    synchronized String add(String kind, StreamTarget target) {
        long now = clock.millis();
        targets.values().removeIf(pending -> pending.end() <= now);
        if (targets.size() >= MOST) {
            throw new ExhaustedException(
                    MOST + " streams wait for their clients: use the URLs, or wait a minute until they expire");
        }
        String path = "/" + kind + "/" + Identifiers.make();
        targets.put(path, new Pending(target, now + LIFE.toMillis()));
        return path;
    }

    /** What a path leads to; it leads nowhere from now on. */
    synchronized Optional<StreamTarget> take(String path) {
        return Optional.ofNullable(targets.remove(path))
                .filter(pending -> pending.end() > clock.millis())
                .map(Pending::target);
    }
}
