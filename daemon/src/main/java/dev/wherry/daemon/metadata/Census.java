package dev.wherry.daemon.metadata;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * How much the daemon holds.
 *
 * @param containersByState counts by state, such as "running"; states without a container are absent
 */
public record Census(int images, Map<String, Integer> containersByState) {

    public Census {
        containersByState = Map.copyOf(containersByState);
    }

    /** All containers. */
    public int containers() {
        return containersByState.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int running() {
        return containersByState.getOrDefault("running", 0);
    }

    public int paused() {
        return containersByState.getOrDefault("paused", 0);
    }

    /** Those in any other state. */
    public int stopped() {
        return containers() - running() - paused();
    }

    /** Counts at one moment. */
    public static Census take(Database database) {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement()) {
                return new Census(countImages(statement), countContainers(statement));
            }
        });
    }

    private static int countImages(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM image")) {
            return row.getInt(1);
        }
    }

    private static Map<String, Integer> countContainers(Statement statement) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("SELECT state, count(*) FROM container GROUP BY state")) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getInt(2));
            }
        }
        return counts;
    }
}
