package dev.wherry.daemon.volume;

import dev.wherry.daemon.metadata.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The table {@code volume}, within one transaction. */
final class VolumeRows {

    private VolumeRows() {}

    static List<Volume> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM volume");
                ResultSet row = statement.executeQuery()) {
            List<Volume> volumes = new ArrayList<>();
            while (row.next()) {
                volumes.add(new Volume(
                        row.getString("name"),
                        row.getString("driver"),
                        Rows.map(row.getString("options")),
                        Rows.map(row.getString("labels")),
                        row.getString("container"),
                        Rows.instant(row.getLong("created_at"))));
            }
            return volumes;
        }
    }

    static void insert(Connection connection, Volume volume) throws SQLException {
        Rows.execute(
                connection,
                "INSERT INTO volume (name, driver, options, labels, container, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                volume.name(),
                volume.driver(),
                Rows.json(new TreeMap<>(volume.options())),
                Rows.json(new TreeMap<>(volume.labels())),
                volume.container(),
                Rows.nanos(volume.createdAt()));
    }

    /** Writes which container an anonymous volume goes with. */
    static void updateContainer(Connection connection, Volume volume) throws SQLException {
        Rows.execute(connection, "UPDATE volume SET container = ? WHERE name = ?", volume.container(), volume.name());
    }

    static void delete(Connection connection, Volume volume) throws SQLException {
        Rows.execute(connection, "DELETE FROM volume WHERE name = ?", volume.name());
    }
}
