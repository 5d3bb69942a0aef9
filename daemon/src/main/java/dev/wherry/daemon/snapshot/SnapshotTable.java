package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.metadata.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code snapshot}. */
final class SnapshotTable {

    private final Database database;
    private final String boot = Boot.id();

    SnapshotTable(Database database) {
        this.database = database;
    }

    /** One row. */
    record Row(SnapshotId id, Optional<SnapshotId> parent, boolean committed, Optional<LayerDiff> diff) {}

    SnapshotId insert(Optional<SnapshotId> parent) {
        return database.writeRelaxed(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO snapshot (parent, state, created_at) VALUES (?, 'active', ?) RETURNING id")) {
                insert.setObject(1, parent.map(SnapshotId::value).orElse(null));
                insert.setLong(2, System.currentTimeMillis());
                try (ResultSet row = insert.executeQuery()) {
                    return new SnapshotId(row.getLong(1));
                }
            }
        });
    }

    /**
     * Makes sure that no number up to this one is given out any more. A power failure may have lost the rows of snapshots
     * whose folders are still there.
     */
    void reserve(SnapshotId last) {
        database.write(connection -> {
            try (PreparedStatement raise = connection.prepareStatement(
                            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'snapshot'");
                    PreparedStatement begin = connection.prepareStatement(
                            "INSERT INTO sqlite_sequence (name, seq) VALUES ('snapshot', ?)")) {
                raise.setLong(1, last.value());
                if (raise.executeUpdate() == 0) {
                    begin.setLong(1, last.value());
                    begin.executeUpdate();
                }
                return null;
            }
        });
    }

    Optional<Row> find(SnapshotId id) {
        return database.read(connection -> find(connection, id));
    }

    /** @throws NotFoundException when there is no such snapshot */
    Row get(SnapshotId id) {
        return find(id).orElseThrow(() -> new NotFoundException("snapshot", id.toString()));
    }

    private static Optional<Row> find(Connection connection, SnapshotId id) throws SQLException {
        List<Row> rows = rows(connection, "SELECT * FROM snapshot WHERE id = ?", id.value());
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    private static List<Row> rows(Connection connection, String query, Object parameter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setObject(1, parameter);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(row(row));
                }
            }
            return rows;
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        long parent = row.getLong("parent");
        String diffId = row.getString("diff_id");
        return new Row(
                new SnapshotId(row.getLong("id")),
                parent == 0 ? Optional.empty() : Optional.of(new SnapshotId(parent)),
                row.getString("state").equals("committed"),
                diffId == null
                        ? Optional.empty()
                        : Optional.of(
                                new LayerDiff(Digest.parse(diffId), row.getLong("tar_size"), row.getLong("size"))));
    }

    /** A snapshot and all below it, itself first. */
    List<Row> chain(SnapshotId id) {
        List<Row> chain = database.read(connection -> chain(connection, id));
        if (chain.isEmpty()) {
            throw new NotFoundException("snapshot", id.toString());
        }
        return chain;
    }

    private static List<Row> chain(Connection connection, SnapshotId id) throws SQLException {
        // A parent is always older than its children, so its number is lower.
        return rows(connection, """
                WITH RECURSIVE chain (link) AS (
                    VALUES (?)
                    UNION ALL
                    SELECT parent FROM snapshot JOIN chain ON id = link WHERE parent IS NOT NULL
                )
                SELECT snapshot.* FROM snapshot JOIN chain ON id = link ORDER BY id DESC
                """, id.value());
    }

    Optional<SnapshotId> withChainId(Digest chainId) {
        return database.read(connection -> {
            List<Row> rows = rows(connection, "SELECT * FROM snapshot WHERE chain_id = ?", chainId.toString());
            return rows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(rows.getFirst().id());
        });
    }

    /** The chain ID of a snapshot, when the diff IDs of all its layers are known. */
    Optional<Digest> chainId(SnapshotId id) {
        return database.read(connection -> chainId(chain(connection, id)));
    }

    private static Optional<Digest> chainId(List<Row> topFirst) {
        List<Digest> diffIds = topFirst.reversed().stream()
                .flatMap(row -> row.diff().stream())
                .map(LayerDiff::diffId)
                .toList();
        return diffIds.size() == topFirst.size() ? Optional.of(ChainId.of(diffIds)) : Optional.empty();
    }

    /** Makes an active snapshot a committed one, not yet known to be on disk. */
    void commit(SnapshotId id, Optional<LayerDiff> diff) {
        database.writeRelaxed(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE snapshot SET state = 'committed', unsynced_boot = ? WHERE id = ? AND state = 'active'")) {
                update.setString(1, boot);
                update.setLong(2, id.value());
                if (update.executeUpdate() == 0) {
                    throw new NotFoundException("snapshot", id.toString(), "snapshot " + id + " is not active");
                }
            }
            if (diff.isPresent()) {
                record(connection, id, diff.get());
            }
            return null;
        });
    }

    void record(SnapshotId id, LayerDiff diff) {
        database.writeRelaxed(connection -> {
            record(connection, id, diff);
            return null;
        });
    }

    private static void record(Connection connection, SnapshotId id, LayerDiff diff) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE snapshot SET diff_id = ?, tar_size = ?, size = ? WHERE id = ?")) {
            update.setString(1, diff.diffId().toString());
            update.setLong(2, diff.tarSize());
            update.setLong(3, diff.size());
            update.setLong(4, id.value());
            update.executeUpdate();
        }
        nameChains(connection, id);
    }

    /** Sets the chain ID, and those of the snapshots above whose diff ID was known before. */
    private static void nameChains(Connection connection, SnapshotId id) throws SQLException {
        Optional<Digest> chainId = chainId(chain(connection, id));
        if (chainId.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                // Two snapshots may hold the same layers; one of them bears the name.
                "UPDATE OR IGNORE snapshot SET chain_id = ? WHERE id = ?")) {
            update.setString(1, chainId.get().toString());
            update.setLong(2, id.value());
            update.executeUpdate();
        }
        String above = "SELECT * FROM snapshot WHERE parent = ? AND diff_id IS NOT NULL AND chain_id IS NULL";
        for (Row child : rows(connection, above, id.value())) {
            nameChains(connection, child.id());
        }
    }

    /** The committed snapshots that are not known to be on disk. */
    List<SnapshotId> unsynced() {
        return database.read(connection ->
                rows(connection, "SELECT * FROM snapshot WHERE unsynced_boot IS NOT NULL AND ?", 1).stream()
                        .map(Row::id)
                        .toList());
    }

    void synced(List<SnapshotId> ids) {
        database.writeRelaxed(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE snapshot SET unsynced_boot = NULL WHERE id = ?")) {
                for (SnapshotId id : ids) {
                    update.setLong(1, id.value());
                    update.addBatch();
                }
                update.executeBatch();
            }
            return null;
        });
    }

    void deleteActive(SnapshotId id) {
        database.writeRelaxed(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM snapshot WHERE id = ? AND state = 'active'")) {
                delete.setLong(1, id.value());
                return delete.executeUpdate();
            }
        });
    }
}
