package dev.wherry.daemon.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.container.ContainerEvent.Action;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The database's rows of containers, and the one place where a container passes from one state to another: each
 * transition is one transaction, and then one event. Whoever makes a transition holds the container's lock.
 */
final class ContainerTable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();

    ContainerTable(Database database) {
        this.database = database;
    }

    void onEvent(Consumer<ContainerEvent> listener) {
        listeners.add(listener);
    }

    /** → created. */
    void insert(Container container) {
        database.write(connection -> {
            Optional<Container> holder =
                    query(connection, "name = ?", container.name()).stream().findFirst();
            if (holder.isPresent()) {
                throw new ConflictException("the container name \"" + container.name()
                        + "\" is already in use by container " + holder.get().shortId()
                        + ": remove or rename that container, or choose another name");
            }
            return update(
                    connection,
                    "INSERT INTO container (id, name, image, image_name, snapshot, state, config, created_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    container.id(),
                    container.name(),
                    container.image().toString(),
                    container.settings().request().image(),
                    container.snapshot().map(SnapshotId::value).orElse(null),
                    container.state().toString(),
                    write(container.settings()),
                    nanos(container.createdAt()));
        });
        publish(Action.CREATE, container);
    }

    /** created, exited → running. */
    void started(String id, int pid, String bootId, Instant time) {
        // What runs is gone after a power failure, whatever is written here.
        writeRelaxed(
                "UPDATE container SET state = 'running', pid = ?, exit_code = 0, error = '', started_at = ?,"
                        + " finished_at = 0, boot_id = ? WHERE id = ?",
                pid,
                nanos(time),
                bootId,
                id);
        publish(Action.START, get(id));
    }

    /** A start that failed leaves the state as it was, and why. */
    void notStarted(String id, Exit exit) {
        write("UPDATE container SET exit_code = ?, error = ? WHERE id = ?", exit.code(), exit.error(), id);
    }

    /** running, paused → exited. */
    void exited(String id, Exit exit, Instant time) {
        write(
                "UPDATE container SET state = 'exited', pid = 0, exit_code = ?, error = ?, finished_at = ? WHERE id = ?",
                exit.code(),
                exit.error(),
                nanos(time),
                id);
        publish(Action.DIE, get(id));
    }

    /** any → removed, in one step for a container that removes itself when it ends. */
    void delete(Container container) {
        write("DELETE FROM container WHERE id = ?", container.id());
        if (container.state().isAlive()) {
            publish(Action.DIE, container);
        }
        publish(Action.DESTROY, container);
    }

    Container get(String id) {
        return find(id).orElseThrow(() -> new NotFoundException("container", id));
    }

    Optional<Container> find(String id) {
        return database.read(connection -> query(connection, "id = ?", id)).stream()
                .findFirst();
    }

    /** By name, ID, or unique prefix of the ID, in this order. */
    Container named(String reference) {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        List<Container> found = database.read(connection -> {
            List<Container> exact = query(connection, "name = ? OR id = ?", name, name);
            return exact.isEmpty() && name.matches("[0-9a-f]{1,64}")
                    ? query(connection, "id >= ? AND id < ?", name, name + "g")
                    : exact;
        });
        if (found.size() > 1) {
            return found.stream()
                    .filter(container -> container.id().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException(
                            "container",
                            reference,
                            "several containers have an ID that begins with \"" + name + "\": give more of it"));
        }
        return found.stream().findFirst().orElseThrow(() -> new NotFoundException("container", reference));
    }

    /** Newest first. */
    List<Container> list() {
        return database.read(connection -> query(connection, "1 ORDER BY created_at DESC, id"));
    }

    private void publish(Action action, Container container) {
        ContainerEvent event = new ContainerEvent(action, container, Instant.now());
        listeners.forEach(listener -> listener.accept(event));
    }

    private void write(String sql, Object... parameters) {
        database.write(connection -> update(connection, sql, parameters));
    }

    private void writeRelaxed(String sql, Object... parameters) {
        database.writeRelaxed(connection -> update(connection, sql, parameters));
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static List<Container> query(Connection connection, String condition, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM container WHERE " + condition)) {
            bind(statement, parameters);
            List<Container> containers = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    containers.add(read(row));
                }
            }
            return containers;
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    private static Container read(ResultSet row) throws SQLException {
        long snapshot = row.getLong("snapshot");
        return new Container(
                row.getString("id"),
                row.getString("name"),
                Digest.parse(row.getString("image")),
                settings(row.getString("config")),
                snapshot == 0 ? Optional.empty() : Optional.of(new SnapshotId(snapshot)),
                State.parse(row.getString("state")),
                row.getInt("pid"),
                row.getInt("exit_code"),
                row.getString("error"),
                instant(row.getLong("created_at")),
                Optional.of(row.getLong("started_at")).filter(time -> time != 0).map(ContainerTable::instant),
                Optional.of(row.getLong("finished_at"))
                        .filter(time -> time != 0)
                        .map(ContainerTable::instant),
                row.getString("boot_id"));
    }

    private static Settings settings(String json) {
        try {
            return JSON.readValue(json, Settings.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("database: the settings of a container are malformed", failure);
        }
    }

    private static String write(Settings settings) {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
