package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.metadata.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which snapshots nothing holds any more, and deletes their rows in one transaction. */
final class SnapshotGarbage {

    /** What names a snapshot that must stay; what is below it stays with it. */
    private static final String HELD_BY_USERS = """
            SELECT snapshot FROM image WHERE snapshot IS NOT NULL
            UNION SELECT snapshot FROM container WHERE snapshot IS NOT NULL""";

    private static final String HELD = HELD_BY_USERS + " UNION SELECT snapshot FROM cache_record";

    private final Database database;
    private final String boot = Boot.id();

    SnapshotGarbage(Database database) {
        this.database = database;
    }

    /** Deletes every snapshot that neither the database nor a lease holds. */
    void delete(Set<Object> leased) {
        database.write(connection -> {
            Map<Long, Long> parents = parents(connection);
            Set<Long> live = new HashSet<>();
            mark(live, parents, ids(connection, HELD));
            mark(
                    live,
                    parents,
                    leased.stream()
                            .filter(SnapshotId.class::isInstance)
                            .map(held -> ((SnapshotId) held).value())
                            .toList());
            List<Long> dead = new ArrayList<>(parents.keySet());
            dead.removeAll(live);
            delete(connection, dead);
            return null;
        });
    }

    /**
     * After a start, when no lease exists: deletes active snapshots that no container has, and, when the host has been
     * started since, committed ones that may not have reached the disk, with what is above them and the cache records
     * that lead to any of them. Images and containers are only ever recorded on snapshots that have.
     */
    void deleteUnfinished() {
        database.write(connection -> {
            Map<Long, Long> parents = parents(connection);
            Set<Long> safe = new HashSet<>();
            mark(safe, parents, ids(connection, HELD_BY_USERS));
            Set<Long> doomed = new HashSet<>(ids(
                    connection, "SELECT id FROM snapshot WHERE state = 'active' OR unsynced_boot <> '" + boot + "'"));
            doomed.removeAll(safe);
            // Parents come before their children in the order of numbers.
            for (long id : parents.keySet().stream().sorted().toList()) {
                if (doomed.contains(parents.get(id)) && !safe.contains(id)) {
                    doomed.add(id);
                }
            }
            deleteEach(
                    connection,
                    "DELETE FROM cache_record WHERE snapshot = ?",
                    doomed.stream().toList());
            delete(connection, new ArrayList<>(doomed));
            return null;
        });
    }

    /** Of these snapshots, those that have no row. */
    List<SnapshotId> withoutRow(List<SnapshotId> ids) {
        Set<Long> known = database.read(connection -> parents(connection).keySet());
        return ids.stream().filter(id -> !known.contains(id.value())).toList();
    }

    private static void mark(Set<Long> live, Map<Long, Long> parents, List<Long> held) {
        for (Long id : held) {
            // A lease may still name a snapshot that has been discarded.
            for (Long at = id; at != null && parents.containsKey(at) && live.add(at); ) {
                at = parents.get(at);
            }
        }
    }

    private static Map<Long, Long> parents(Connection connection) throws SQLException {
        Map<Long, Long> parents = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, parent FROM snapshot")) {
            while (row.next()) {
                long parent = row.getLong(2);
                parents.put(row.getLong(1), parent == 0 ? null : parent);
            }
        }
        return parents;
    }

    private static List<Long> ids(Connection connection, String query) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }

    private static void delete(Connection connection, List<Long> ids) throws SQLException {
        ids.sort((a, b) -> Long.compare(b, a));
        deleteEach(connection, "DELETE FROM snapshot WHERE id = ?", ids);
    }

    private static void deleteEach(Connection connection, String command, List<Long> ids) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(command)) {
            for (long id : ids) {
                delete.setLong(1, id);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }
}
