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

    /** Counts at one moment. */
    public static Census take(Database database) {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement()) {
                return new Census(images(statement), containers(statement));
            }
        });
    }

    private static int images(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM image")) {
            return row.getInt(1);
        }
    }

    private static Map<String, Integer> containers(Statement statement) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("SELECT state, count(*) FROM container GROUP BY state")) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getInt(2));
            }
        }
        return counts;
    }
}
