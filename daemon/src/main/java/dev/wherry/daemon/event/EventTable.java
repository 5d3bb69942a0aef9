package dev.wherry.daemon.event;

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
import java.util.concurrent.TimeUnit;

/** The table {@code event}, within one transaction. The last few thousand are kept. */
final class EventTable {

    private static final int KEPT = 4096;
    private static final int TIDIED_EVERY = 64;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> ATTRIBUTES = new TypeReference<>() {};

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
            statement.setString(4, write(attributes));
            statement.setLong(5, TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
            try (ResultSet row = statement.executeQuery()) {
                long id = row.getLong(1);
                tidy(id);
                return new Event(id, type, action, actor, attributes, now);
            }
        }
    }

    private void tidy(long newest) throws SQLException {
        if (newest % TIDIED_EVERY == 0) {
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM event WHERE id <= ?")) {
                statement.setLong(1, newest - KEPT);
                statement.executeUpdate();
            }
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
                            read(row.getString("attributes")),
                            Instant.ofEpochSecond(0, row.getLong("time"))));
                }
            }
            return events;
        }
    }

    private static String write(Map<String, String> attributes) {
        try {
            return JSON.writeValueAsString(attributes);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, String> read(String json) {
        try {
            return JSON.readValue(json, ATTRIBUTES);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("database: the attributes of an event are malformed", failure);
        }
    }
}
