package dev.wherry.daemon.container.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code container}, within one transaction. */
public final class ContainerRows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ContainerRows() {}

    static List<Container> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM container");
                ResultSet row = statement.executeQuery()) {
            List<Container> containers = new ArrayList<>();
            while (row.next()) {
                containers.add(read(row));
            }
            return containers;
        }
    }

    public static void insert(Connection connection, Container container) throws SQLException {
        Rows.execute(
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
                nanos(Optional.of(container.createdAt())));
    }

    /** Writes where it stands in its life. */
    public static void update(Connection connection, Container container) throws SQLException {
        Status status = container.status();
        Rows.execute(
                connection,
                "UPDATE container SET state = ?, pid = ?, pid_start = ?, exit_code = ?, error = ?, started_at = ?,"
                        + " finished_at = ?, boot_id = ?, restarts = ?, stopped_by_hand = ?, health = ? WHERE id = ?",
                status.state().toString(),
                status.pid(),
                status.pidStart(),
                status.exitCode(),
                status.error(),
                nanos(status.startedAt()),
                nanos(status.finishedAt()),
                status.bootId(),
                status.restarts(),
                status.stoppedByHand(),
                status.health().map(ContainerRows::write).orElse(""),
                container.id());
    }

    /** Writes its name and settings. */
    public static void redefine(Connection connection, Container container) throws SQLException {
        Rows.execute(
                connection,
                "UPDATE container SET name = ?, config = ? WHERE id = ?",
                container.name(),
                write(container.settings()),
                container.id());
    }

    public static void delete(Connection connection, Container container) throws SQLException {
        Rows.execute(connection, "DELETE FROM container WHERE id = ?", container.id());
    }

    private static Container read(ResultSet row) throws SQLException {
        long snapshot = row.getLong("snapshot");
        String health = row.getString("health");
        return new Container(
                row.getString("id"),
                row.getString("name"),
                Digest.parse(row.getString("image")),
                read(row.getString("config"), ContainerSettings.class),
                snapshot == 0 ? Optional.empty() : Optional.of(new SnapshotId(snapshot)),
                instant(row.getLong("created_at")).orElseThrow(),
                new Status(
                        State.parse(row.getString("state")),
                        row.getInt("pid"),
                        row.getLong("pid_start"),
                        row.getInt("exit_code"),
                        row.getString("error"),
                        instant(row.getLong("started_at")),
                        instant(row.getLong("finished_at")),
                        row.getString("boot_id"),
                        row.getInt("restarts"),
                        row.getBoolean("stopped_by_hand"),
                        health.isEmpty() ? Optional.empty() : Optional.of(read(health, Health.class))));
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("database: a row of a container is malformed", failure);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static long nanos(Optional<Instant> time) {
        return time.map(Rows::nanos).orElse(0L);
    }

    private static Optional<Instant> instant(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(Rows.instant(nanos));
    }
}
