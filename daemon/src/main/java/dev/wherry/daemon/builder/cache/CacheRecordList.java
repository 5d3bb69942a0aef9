package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The cache records as entries of the cache. */
final class CacheRecordList {

    /** As many digits as BuildKit's ids have. */
    private static final int ID_DIGITS = 25;

    private static final String ROWS = """
            SELECT r.key, r.snapshot, s.parent, coalesce(s.size, 0), r.created_at, r.used_at, r.uses,
                coalesce(r.inputs ->> 'instruction', '')
            FROM cache_record r JOIN snapshot s ON s.id = r.snapshot""";

    /** What images and containers are made of. */
    private static final String SHARED = """
            WITH RECURSIVE used (id) AS (
                SELECT snapshot FROM image WHERE snapshot IS NOT NULL
                UNION SELECT snapshot FROM container WHERE snapshot IS NOT NULL
                UNION SELECT parent FROM snapshot JOIN used USING (id) WHERE parent IS NOT NULL)
            SELECT id FROM used""";

    private final Database database;
    private final Leases leases;

    CacheRecordList(Database database, Leases leases) {
        this.database = database;
        this.leases = leases;
    }

    private record Row(
            String key,
            long snapshot,
            long parent,
            long size,
            Instant createdAt,
            Instant usedAt,
            long uses,
            String instruction) {

        String id() {
            return key.substring(key.indexOf(':') + 1).substring(0, ID_DIGITS);
        }
    }

    List<CacheEntry> all() {
        Set<Object> held = leases.collecting(Function.identity());
        return database.read(connection -> entries(connection, held));
    }

    /**
     * Removes records that are neither held by a build nor used since they were listed; the snapshots stay until they
     * are collected.
     *
     * @return those that are gone
     */
    List<CacheEntry> remove(Collection<CacheEntry> chosen) {
        if (chosen.isEmpty()) {
            return List.of();
        }
        // No lease takes hold of anything meanwhile.
        return leases.collecting(held -> database.write(connection -> {
            Set<Long> heldIds = ids(held);
            List<CacheEntry> removed = new ArrayList<>();
            try (PreparedStatement find = connection.prepareStatement(
                            "SELECT snapshot FROM cache_record WHERE key LIKE ? AND used_at = ?");
                    PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM cache_record WHERE key LIKE ? AND used_at = ?")) {
                for (CacheEntry entry : chosen) {
                    for (PreparedStatement statement : List.of(find, delete)) {
                        statement.setString(1, "sha256:" + entry.id() + "%");
                        statement.setLong(2, Rows.nanos(entry.usedAt()));
                    }
                    if (isFree(find, heldIds) && delete.executeUpdate() > 0) {
                        removed.add(entry);
                    }
                }
            }
            return removed;
        }));
    }

    private static boolean isFree(PreparedStatement find, Set<Long> held) throws SQLException {
        try (ResultSet row = find.executeQuery()) {
            return row.next() && !held.contains(row.getLong(1));
        }
    }

    private static Set<Long> ids(Set<Object> held) {
        Set<Long> ids = new HashSet<>();
        for (Object one : held) {
            if (one instanceof SnapshotId snapshot) {
                ids.add(snapshot.value());
            }
        }
        return ids;
    }

    private static List<CacheEntry> entries(Connection connection, Set<Object> leased) throws SQLException {
        Map<Long, Long> parents = parents(connection);
        Set<Long> shared = new HashSet<>(numbers(connection, SHARED));
        Set<Long> held = new HashSet<>();
        for (Long id : ids(leased)) {
            for (Long at = id; at != null && held.add(at); ) {
                at = parents.get(at);
            }
        }
        List<Row> rows = rows(connection);
        Map<Long, String> ids = new HashMap<>();
        rows.forEach(row -> ids.put(row.snapshot(), row.id()));
        List<CacheEntry> entries = new ArrayList<>();
        for (Row row : rows) {
            entries.add(new CacheEntry(
                    row.id(),
                    CacheEntry.Type.REGULAR,
                    row.instruction(),
                    Optional.ofNullable(ids.get(row.parent())),
                    row.size(),
                    row.createdAt(),
                    row.usedAt(),
                    held.contains(row.snapshot()),
                    shared.contains(row.snapshot()),
                    row.uses()));
        }
        return entries;
    }

    private static List<Row> rows(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(ROWS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        Instant.ofEpochSecond(0, row.getLong(5)),
                        Instant.ofEpochSecond(0, row.getLong(6)),
                        row.getLong(7),
                        row.getString(8)));
            }
        }
        return rows;
    }

    private static Map<Long, Long> parents(Connection connection) throws SQLException {
        Map<Long, Long> parents = new HashMap<>();
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, parent FROM snapshot WHERE parent IS NOT NULL");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                parents.put(row.getLong(1), row.getLong(2));
            }
        }
        return parents;
    }

    private static List<Long> numbers(Connection connection, String query) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
        }
        return numbers;
    }
}
