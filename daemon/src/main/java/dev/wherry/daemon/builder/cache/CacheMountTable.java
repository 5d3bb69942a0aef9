package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Rows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code cache_mount}. Nothing in it is worth waiting for the disk: caches can be filled again. */
final class CacheMountTable {

    private final Database database;

    CacheMountTable(Database database) {
        this.database = database;
    }

    record Row(long id, String name, Instant createdAt, Instant usedAt) {}

    /** Those of one key, oldest first. */
    List<Long> find(Digest key) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id FROM cache_mount WHERE key = ? ORDER BY id")) {
                select.setString(1, key.toString());
                List<Long> ids = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getLong(1));
                    }
                }
                return ids;
            }
        });
    }

    List<Row> all() {
        return database.read(connection -> {
            String query = "SELECT id, name, created_at, used_at FROM cache_mount ORDER BY used_at, id";
            try (PreparedStatement select = connection.prepareStatement(query);
                    ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    rows.add(new Row(
                            row.getLong(1),
                            row.getString(2),
                            Instant.ofEpochSecond(0, row.getLong(3)),
                            Instant.ofEpochSecond(0, row.getLong(4))));
                }
                return rows;
            }
        });
    }

    long insert(Digest key, String name) {
        long now = Rows.nanos(Instant.now());
        return database.writeRelaxed(connection -> {
            String insert = "INSERT INTO cache_mount (key, name, created_at, used_at) VALUES (?, ?, ?, ?) RETURNING id";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setString(1, key.toString());
                statement.setString(2, name);
                statement.setLong(3, now);
                statement.setLong(4, now);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    void touch(long id) {
        update("UPDATE cache_mount SET used_at = " + Rows.nanos(Instant.now()) + " WHERE id = ?", id);
    }

    void delete(long id) {
        update("DELETE FROM cache_mount WHERE id = ?", id);
    }

    private void update(String change, long id) {
        database.writeRelaxed(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(change)) {
                statement.setLong(1, id);
                return statement.executeUpdate();
            }
        });
    }
}
