package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sandboxes in memory, equal to the rows of the database, and the one place where a sandbox passes from one state to
 * another: one transaction, in which the event is written too, then the change here. No transition waits for the disk:
 * after a power failure nothing of a sandbox is there.
 */
@Singleton
final class SandboxTable {

    private static final Comparator<Pod> NEWEST_FIRST =
            Comparator.comparing(Pod::createdAt).reversed().thenComparing(Pod::id);

    private final Database database;
    private final Events events;
    private final ConcurrentSkipListMap<String, Pod> byId = new ConcurrentSkipListMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();

    SandboxTable(Database database, Events events) {
        this.database = database;
        this.events = events;
        for (Pod sandbox : database.read(SandboxRows::all)) {
            byId.put(sandbox.id(), sandbox);
            names.put(sandbox.config().reservedName(), sandbox.id());
        }
    }

    /** Those that somebody has heard of, newest first. */
    List<Pod> list() {
        return byId.values().stream()
                .filter(sandbox -> sandbox.state() != SandboxState.CREATING)
                .sorted(NEWEST_FIRST)
                .toList();
    }

    List<Pod> all() {
        return List.copyOf(byId.values());
    }

    Optional<Pod> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** By ID or a unique prefix of it; empty when there is none, or there are several. */
    Optional<Pod> named(String prefix) {
        if (!prefix.matches("[0-9a-f]{1,64}")) {
            return Optional.empty();
        }
        List<Pod> found = byId.subMap(prefix, true, prefix + "g", false).values().stream()
                .filter(sandbox -> sandbox.state() != SandboxState.CREATING)
                .limit(2)
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    Pod get(String reference) {
        return named(reference).orElseThrow(() -> new NotFoundException("pod", reference));
    }

    /**
     * When a sandbox is made: later than all others of its pod, even when the clock was set back, since a kubelet takes the
     * latest for the one that counts.
     */
    Instant time(SandboxConfig config, Instant now) {
        return byId.values().stream()
                .filter(sandbox -> sandbox.config().isOfSamePod(config))
                .map(sandbox -> sandbox.createdAt().plusNanos(1))
                .reduce(now, (one, other) -> one.isAfter(other) ? one : other);
    }

    /**
     * → creating.
     *
     * @throws ConflictException when there is a sandbox of the same name, namespace, uid and attempt
     */
    void creating(Pod sandbox) {
        String holder = names.putIfAbsent(sandbox.config().reservedName(), sandbox.id());
        if (holder != null) {
            throw new ConflictException(sandbox.config().title() + " has a sandbox of the attempt "
                    + sandbox.config().attempt() + " already: " + holder.substring(0, 12));
        }
        try {
            database.writeRelaxed(connection -> {
                SandboxRows.insert(connection, sandbox);
                return null;
            });
            byId.put(sandbox.id(), sandbox);
        } catch (RuntimeException failure) {
            names.remove(sandbox.config().reservedName(), sandbox.id());
            throw failure;
        }
    }

    /** creating → ready. */
    void ready(Pod sandbox, List<String> addresses) {
        move(sandbox.with(SandboxState.READY, addresses), "start");
    }

    /** ready → notready. */
    void stopped(Pod sandbox) {
        move(sandbox.with(SandboxState.NOTREADY, List.of()), "stop");
    }

    /** Ready as before, with other limits. */
    void limited(Pod sandbox, SandboxLimits limits) {
        move(sandbox.with(limits), "update");
    }

    private void move(Pod next, String action) {
        Event event = database.writeRelaxed(connection -> {
            SandboxRows.update(connection, next);
            return events.record(connection, Event.POD, action, next.id(), attributes(next));
        });
        byId.put(next.id(), next);
        events.publish(List.of(event));
    }

    /** creating, notready → removed. */
    void removed(Pod sandbox) {
        boolean known = sandbox.state() != SandboxState.CREATING;
        List<Event> told = database.writeRelaxed(connection -> {
            SandboxRows.delete(connection, sandbox.id());
            return known
                    ? List.of(events.record(connection, Event.POD, "destroy", sandbox.id(), attributes(sandbox)))
                    : List.<Event>of();
        });
        byId.remove(sandbox.id());
        names.remove(sandbox.config().reservedName(), sandbox.id());
        events.publish(told);
    }

    private static Map<String, String> attributes(Pod sandbox) {
        return Map.of(
                "name", sandbox.config().name(),
                "namespace", sandbox.config().namespace(),
                "uid", sandbox.config().uid());
    }
}
