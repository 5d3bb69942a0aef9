package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.volume.VolumeClaim;
import dev.wherry.daemon.volume.VolumeRelease;
import dev.wherry.daemon.volume.Volumes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one place where a container passes from one state to another. Each transition is one transaction, in which its
 * events are written too, then a change of the {@link ContainerTable}, then the publication of the events. Whoever makes
 * a transition holds the container's lock.
 *
 * <p>A transition waits for the disk where a user was told that something is stored: a container that stays until it is
 * removed, its name and settings, its removal, and a stop that its restart policy has to respect. All others need not:
 * after a power failure no container runs, and the recovery at the next start writes what is true then.
 */
public final class Transitions {

    private static final Told DESTROY = new Told("destroy");

    private final Database database;
    private final ContainerTable table;
    private final Events events;
    private final Volumes volumes;

    public Transitions(Database database, ContainerTable table, Events events, Volumes volumes) {
        this.database = database;
        this.table = table;
        this.events = events;
        this.volumes = volumes;
    }

    /** What is told of a transition: docker's name of the action, and attributes besides those that all have. */
    private record Told(String action, Map<String, String> attributes) {
        Told(String action) {
            this(action, Map.of());
        }
    }

    private interface Change {
        /** Returns events of others that the change brings along. */
        List<Event> in(Connection connection) throws SQLException;
    }

    /**
     * → created.
     *
     * @param claim the volumes that are made with the container
     */
    void created(Container container, VolumeClaim claim) {
        table.takeName(container.name(), container.id());
        try {
            write(
                    existence(container),
                    connection -> {
                        ContainerRows.insert(connection, container);
                        return claim.write(connection);
                    },
                    container,
                    new Told("create"));
        } catch (RuntimeException failure) {
            table.giveNameBack(container.name(), container.id());
            throw failure;
        }
    }

    /** What a creation and a removal survive: one that removes itself is gone after a power failure in any case. */
    private static Durability existence(Container container) {
        return container.settings().request().autoRemove() ? Durability.RELAXED : Durability.SYNCED;
    }

    /** created, exited, restarting → running. */
    Container started(Container container, Status running) {
        Container next = moved(container, running);
        write(
                Durability.RELAXED,
                connection -> {
                    ContainerRows.update(connection, next);
                    return mounted(connection, next, "mount");
                },
                next,
                new Told("start"));
        return next;
    }

    /** A start that failed: why. The state stays; one that was to be restarted is left. */
    void notStarted(Container container, Exit exit) {
        update(Durability.RELAXED, moved(container, container.status().notStarted(exit)));
    }

    /** exited, restarting → restarting: a start by the restart policy failed, and is tried again. */
    void toBeRetried(Container container, Exit exit) {
        update(Durability.RELAXED, moved(container, container.status().toBeRetried(exit)));
    }

    /**
     * running, paused → exited, or restarting with one more restart counted.
     *
     * @param outOfMemory whether the kernel ended it for that
     */
    void ended(Container container, State next, Exit exit, Instant time, boolean outOfMemory) {
        Status ended = container.status().ended(next, exit, time);
        List<Told> told = new ArrayList<>();
        if (outOfMemory) {
            told.add(new Told("oom"));
        }
        told.add(died(container, exit, time));
        Container after = moved(
                container,
                next == State.RESTARTING ? ended.counting(ended.restarts() + 1, ended.stoppedByHand()) : ended);
        List<Event> written =
                database.write(staysStopped(container) ? Durability.SYNCED : Durability.RELAXED, connection -> {
                    ContainerRows.update(connection, after);
                    List<Event> all = record(connection, after, told.toArray(Told[]::new));
                    all.addAll(mounted(connection, after, "unmount"));
                    return all;
                });
        table.put(after);
        events.publish(written);
    }

    /** Whether the next daemon would start a container again if it did not know that a user has stopped it. */
    private static boolean staysStopped(Container container) {
        return container.status().stoppedByHand()
                && container.settings().request().restart().name() != RestartPolicy.Name.NO;
    }

    private static Told died(Container container, Exit exit, Instant time) {
        long seconds = container
                .startedAt()
                .map(start -> Duration.between(start, time).toSeconds())
                .orElse(0L);
        return new Told(
                "die",
                Map.of(
                        "exitCode",
                        Integer.toString(exit.code().value()),
                        "execDuration",
                        Long.toString(Math.max(0, seconds))));
    }

    /** restarting → exited: its restart policy is told to let it be. */
    void abandoned(Container container) {
        update(
                Durability.SYNCED,
                moved(container, container.status().with(State.EXITED).counting(container.restarts(), true)));
    }

    /** running → paused. */
    void paused(Container container) {
        update(Durability.RELAXED, moved(container, container.status().with(State.PAUSED)), new Told("pause"));
    }

    /** paused → running. */
    void unpaused(Container container) {
        update(Durability.RELAXED, moved(container, container.status().with(State.RUNNING)), new Told("unpause"));
    }

    /** Somebody wants it to end: its restart policy is to let it be, of this daemon and the next. */
    void stoppedByHand(Container container) {
        Container next = container.with(container.status().counting(container.restarts(), true));
        if (!next.status().equals(container.status())) {
            update(Durability.RELAXED, next);
        }
    }

    /** A health check has told something; an event tells of another status. */
    public void checked(Container container, Health health) {
        Container next = container.with(container.status().with(Optional.of(health)));
        boolean same = container
                .health()
                .filter(before -> before.status().equals(health.status()))
                .isPresent();
        Told[] told = same ? new Told[0] : new Told[] {new Told("health_status: " + health.status())};
        update(Durability.RELAXED, next, told);
    }

    /** Gives it another name. */
    void renamed(Container container, String name) {
        Container next = container.named(name);
        table.takeName(name, container.id());
        try {
            write(
                    Durability.SYNCED,
                    connection -> redefine(connection, next),
                    next,
                    new Told("rename", Map.of("oldName", container.name())));
        } catch (RuntimeException failure) {
            table.giveNameBack(name, container.id());
            throw failure;
        }
        table.giveNameBack(container.name(), container.id());
    }

    /** Gives it other limits, or another restart policy. */
    void updated(Container container, ContainerSettings settings) {
        Container next = container.with(settings);
        write(Durability.SYNCED, connection -> redefine(connection, next), next, new Told("update"));
    }

    /** Connects it to other networks. */
    void reconnected(Container container, ContainerSettings settings) {
        Container next = container.with(settings);
        write(Durability.SYNCED, connection -> redefine(connection, next), next);
    }

    /**
     * any → removed.
     *
     * @param volumesToo whether anonymous volumes that no other container has are removed too
     */
    void removed(Container container, boolean volumesToo) {
        delete(existence(container), container, volumesToo, connection -> record(connection, container, DESTROY));
    }

    /**
     * running, paused → removed, in one step, for a container that removes itself when it ends. A power failure that
     * takes this back leaves one that ran in another boot, which is then removed.
     */
    void endedAndRemoved(Container container, Exit exit, Instant time) {
        delete(Durability.RELAXED, container, true, connection -> {
            List<Event> told = record(connection, container, died(container, exit, time));
            told.addAll(mounted(connection, container, "unmount"));
            told.addAll(record(connection, container, DESTROY));
            return told;
        });
    }

    private void delete(Durability durability, Container container, boolean volumesToo, Change told) {
        VolumeRelease release = volumes.release(container.id(), volumesToo);
        List<Event> written;
        try {
            written = database.write(durability, connection -> {
                ContainerRows.delete(connection, container);
                List<Event> all = told.in(connection);
                all.addAll(release.write(connection));
                return all;
            });
        } catch (RuntimeException failure) {
            release.undo();
            throw failure;
        }
        table.remove(container);
        release.done();
        events.publish(written);
    }

    /** Writes what docker tells of each volume of a container that starts or ends. */
    private List<Event> mounted(Connection connection, Container container, String action) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (MountRequest mount : container.settings().mounts()) {
            if (mount.type() == MountRequest.Type.VOLUME) {
                Map<String, String> attributes = new HashMap<>();
                attributes.put("container", container.id());
                attributes.put("driver", "local");
                if (action.equals("mount")) {
                    attributes.put("destination", mount.target());
                    attributes.put("read/write", Boolean.toString(!mount.readOnly()));
                    attributes.put("propagation", "");
                }
                told.add(events.record(connection, Event.VOLUME, action, mount.source(), attributes));
            }
        }
        return told;
    }

    /** Tells of something that changes nothing about a container. */
    public void tell(Container container, String action, Map<String, String> attributes) {
        events.tell(Event.CONTAINER, action, container.id(), ContainerActivity.attributes(container, attributes));
    }

    private static Container moved(Container container, Status next) {
        if (!container.state().allows(next.state())) {
            throw new IllegalStateException("container " + container.shortId() + " cannot become " + next.state()
                    + ", since it is " + container.state());
        }
        return container.with(next);
    }

    private static List<Event> redefine(Connection connection, Container next) throws SQLException {
        ContainerRows.redefine(connection, next);
        return List.of();
    }

    private void update(Durability durability, Container next, Told... told) {
        write(
                durability,
                connection -> {
                    ContainerRows.update(connection, next);
                    return List.of();
                },
                next,
                told);
    }

    private void write(Durability durability, Change change, Container next, Told... told) {
        List<Event> written = database.write(durability, connection -> {
            List<Event> others = change.in(connection);
            List<Event> all = record(connection, next, told);
            all.addAll(others);
            return all;
        });
        table.put(next);
        events.publish(written);
    }

    private List<Event> record(Connection connection, Container container, Told... told) throws SQLException {
        List<Event> written = new ArrayList<>();
        for (Told one : told) {
            written.add(events.record(
                    connection,
                    Event.CONTAINER,
                    one.action(),
                    container.id(),
                    ContainerActivity.attributes(container, one.attributes())));
        }
        return written;
    }
}
