package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
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
 * events are written too, then a change of the {@link ContainerTable}, then the telling of the events. Whoever makes a
 * transition holds the container's lock.
 */
public final class Transitions {

    private final Database database;
    private final ContainerTable table;
    private final Events events;

    public Transitions(Database database, ContainerTable table, Events events) {
        this.database = database;
        this.table = table;
        this.events = events;
    }

    /** What is told of a transition: docker's name of the action, and attributes besides those that all have. */
    private record Told(String action, Map<String, String> attributes) {
        Told(String action) {
            this(action, Map.of());
        }
    }

    private interface Change {
        void in(Connection connection) throws SQLException;
    }

    /** → created. */
    void created(Container container) {
        table.takeName(container.name(), container.id());
        try {
            write(connection -> ContainerRows.insert(connection, container), container, new Told("create"));
        } catch (RuntimeException failure) {
            table.giveNameBack(container.name(), container.id());
            throw failure;
        }
    }

    /** created, exited, restarting → running. What runs is gone after a power failure, whatever is written here. */
    Container started(Container container, Status running) {
        Container next = moved(container, running);
        List<Event> told = database.writeRelaxed(connection -> {
            ContainerRows.update(connection, next);
            return record(connection, next, new Told("start"));
        });
        table.put(next);
        events.publish(told);
        return next;
    }

    /** A start that failed: why. The state stays; one that was to be restarted is left. */
    void notStarted(Container container, Exit exit) {
        update(moved(container, container.status().notStarted(exit)));
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
        update(
                moved(
                        container,
                        next == State.RESTARTING ? ended.counting(ended.restarts() + 1, ended.stoppedByHand()) : ended),
                told.toArray(Told[]::new));
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
        update(moved(container, container.status().with(State.EXITED).counting(container.restarts(), true)));
    }

    /** running → paused. */
    void paused(Container container) {
        update(moved(container, container.status().with(State.PAUSED)), new Told("pause"));
    }

    /** paused → running. */
    void unpaused(Container container) {
        update(moved(container, container.status().with(State.RUNNING)), new Told("unpause"));
    }

    /** Somebody wants it to end: its restart policy is to let it be, of this daemon and the next. */
    void stoppedByHand(Container container) {
        Container next = container.with(container.status().counting(container.restarts(), true));
        if (!next.status().equals(container.status())) {
            database.writeRelaxed(connection -> {
                ContainerRows.update(connection, next);
                return null;
            });
            table.put(next);
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
        List<Event> events = database.writeRelaxed(connection -> {
            ContainerRows.update(connection, next);
            return record(connection, next, told);
        });
        table.put(next);
        this.events.publish(events);
    }

    /** Gives it another name. */
    void renamed(Container container, String name) {
        Container next = container.named(name);
        table.takeName(name, container.id());
        try {
            write(
                    connection -> ContainerRows.redefine(connection, next),
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
        write(connection -> ContainerRows.redefine(connection, next), next, new Told("update"));
    }

    /** any → removed. */
    void removed(Container container) {
        delete(container, new Told("destroy"));
    }

    /**
     * running, paused → removed, in one step, for a container that removes itself when it ends. A power failure that
     * takes this back leaves one that ran in another boot, which is then removed.
     */
    void endedAndRemoved(Container container, Exit exit, Instant time) {
        Told[] told = {died(container, exit, time), new Told("destroy")};
        forget(container, database.writeRelaxed(connection -> deleted(connection, container, told)));
    }

    private void delete(Container container, Told... told) {
        forget(container, database.write(connection -> deleted(connection, container, told)));
    }

    private List<Event> deleted(Connection connection, Container container, Told... told) throws SQLException {
        ContainerRows.delete(connection, container);
        return record(connection, container, told);
    }

    private void forget(Container container, List<Event> written) {
        table.remove(container);
        events.publish(written);
    }

    /** Tells of something that changes nothing about a container. */
    public void tell(Container container, String action, Map<String, String> attributes) {
        events.tell(Event.CONTAINER, action, container.id(), attributes(container, attributes));
    }

    private static Container moved(Container container, Status next) {
        if (!container.state().allows(next.state())) {
            throw new IllegalStateException("container " + container.shortId() + " cannot become " + next.state()
                    + ", since it is " + container.state());
        }
        return container.with(next);
    }

    private void update(Container next, Told... told) {
        write(connection -> ContainerRows.update(connection, next), next, told);
    }

    private void write(Change change, Container next, Told... told) {
        List<Event> written = database.write(connection -> {
            change.in(connection);
            return record(connection, next, told);
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
                    attributes(container, one.attributes())));
        }
        return written;
    }

    private static Map<String, String> attributes(Container container, Map<String, String> more) {
        Map<String, String> attributes = new HashMap<>(container.settings().labels());
        attributes.put("image", container.settings().request().image());
        attributes.put("name", container.name());
        attributes.putAll(more);
        return attributes;
    }
}
