package dev.wherry.daemon.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The table {@code volume}, within one transaction. */
final class VolumeRows {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private VolumeRows() {}

    static List<Volume> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM volume");
                ResultSet row = statement.executeQuery()) {
            List<Volume> volumes = new ArrayList<>();
            while (row.next()) {
                volumes.add(new Volume(
                        row.getString("name"),
                        row.getString("driver"),
                        read(row.getString("options")),
                        read(row.getString("labels")),
                        row.getString("container"),
                        Instant.ofEpochSecond(0, row.getLong("created_at"))));
            }
            return volumes;
        }
    }

    static void insert(Connection connection, Volume volume) throws SQLException {
        Instant created = volume.createdAt();
        execute(
                connection,
                "INSERT INTO volume (name, driver, options, labels, container, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                volume.name(),
                volume.driver(),
                write(volume.options()),
                write(volume.labels()),
                volume.container(),
                TimeUnit.SECONDS.toNanos(created.getEpochSecond()) + created.getNano());
    }

    /** Writes which container an anonymous volume goes with. */
    static void updateContainer(Connection connection, Volume volume) throws SQLException {
        execute(connection, "UPDATE volume SET container = ? WHERE name = ?", volume.container(), volume.name());
    }

    static void delete(Connection connection, Volume volume) throws SQLException {
        execute(connection, "DELETE FROM volume WHERE name = ?", volume.name());
    }

    private static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Map<String, String> read(String json) {
        try {
            return JSON.readValue(json, STRINGS);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("database: a row of a volume is malformed", failure);
        }
    }

    private static String write(Map<String, String> strings) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(strings));
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
