package dev.wherry.daemon.event;

import dev.wherry.daemon.metadata.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The table {@code event}, within one transaction. The last few thousand are kept. */
final class EventTable {

    private static final int KEPT = 4096;
    private static final int TIDIED_EVERY = 64;

    private final Connection connection;

    EventTable(Connection connection) {
        this.connection = connection;
    }

    Event insert(String type, String action, String actor, Map<String, String> attributes) throws SQLException {
        Instant now = Instant.now();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO event (type, action, actor, attributes, time) VALUES (?, ?, ?, ?, ?) RETURNING id")) {
            statement.setString(1, type);
            statement.setString(2, action);
            statement.setString(3, actor);
            statement.setString(4, Rows.json(attributes));
            statement.setLong(5, Rows.nanos(now));
            try (ResultSet row = statement.executeQuery()) {
                long id = row.getLong(1);
                tidy(id);
                return new Event(id, type, action, actor, attributes, now);
            }
        }
    }

    private void tidy(long newest) throws SQLException {
        if (newest % TIDIED_EVERY == 0) {
            Rows.execute(connection, "DELETE FROM event WHERE id <= ?", newest - KEPT);
        }
    }

    /** Oldest first. */
    List<Event> since(long nanos) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM event WHERE time >= ? ORDER BY id")) {
            statement.setLong(1, nanos);
            List<Event> events = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(new Event(
                            row.getLong("id"),
                            row.getString("type"),
                            row.getString("action"),
                            row.getString("actor"),
                            Rows.map(row.getString("attributes")),
                            Rows.instant(row.getLong("time"))));
                }
            }
            return events;
        }
    }
}
