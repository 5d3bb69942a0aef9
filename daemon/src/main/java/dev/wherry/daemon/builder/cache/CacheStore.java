package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * The cache records of all builds. A record leads from a cache key to a committed snapshot, and keeps that snapshot
 * alive. It is written after the snapshot is committed, and goes before it: no record points at a missing snapshot.
 */
@Singleton
public final class CacheStore {

    private static final String FIND =
            "SELECT r.snapshot, r.created_at, r.duration FROM cache_record r JOIN snapshot s ON s.id = r.snapshot"
                    + " WHERE r.key = ?";

    private final Database database;
    private final Snapshotter snapshotter;

    CacheStore(Database database, Snapshotter snapshotter) {
        this.database = database;
        this.snapshotter = snapshotter;
    }

    /**
     * The record of a step on this very parent, if there is one; its snapshot is then held by the lease. A record made
     * on another snapshot of the same key is no hit: where an earlier step ran again, all after it run again.
     */
    public Optional<CacheRecord> find(Lease lease, CacheKey key, Optional<SnapshotId> parent) {
        return found(lease, FIND + " AND s.parent IS ?", select -> {
            select.setString(1, key.value().toString());
            select.setObject(2, parent.map(SnapshotId::value).orElse(null));
        });
    }

    /** The record of a layer that is the same whatever its parent is; its snapshot is then held by the lease. */
    public Optional<CacheRecord> findLayer(Lease lease, CacheKey key) {
        return found(lease, FIND, select -> select.setString(1, key.value().toString()));
    }

    /**
     * A layer and what it lies on.
     *
     * @param parent empty where it lies on nothing
     */
    public record Layer(SnapshotId snapshot, Optional<SnapshotId> parent) {}

    /** What a step with this key left, whatever it was done on; the lease then holds it with all below it. */
    public Optional<Layer> layer(Lease lease, Digest key) {
        Optional<Layer> found = database.read(connection -> {
            String query =
                    "SELECT s.id, s.parent FROM cache_record r JOIN snapshot s ON s.id = r.snapshot WHERE r.key = ?";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, key.toString());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    long parent = row.getLong(2);
                    return Optional.of(new Layer(
                            new SnapshotId(row.getLong(1)),
                            row.wasNull() ? Optional.empty() : Optional.of(new SnapshotId(parent))));
                }
            }
        });
        return found.filter(layer -> snapshotter.hold(lease, layer.snapshot()));
    }

    @FunctionalInterface
    private interface Values {
        void into(PreparedStatement statement) throws SQLException;
    }

    private Optional<CacheRecord> found(Lease lease, String query, Values values) {
        Optional<CacheRecord> found = database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(query)) {
                values.into(select);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new CacheRecord(
                                    new SnapshotId(row.getLong(1)),
                                    Rows.instant(row.getLong(2)),
                                    Duration.ofNanos(row.getLong(3))))
                            : Optional.empty();
                }
            }
        });
        return found.filter(record -> snapshotter.hold(lease, record.snapshot()));
    }

    /**
     * Records a step that was done, in place of an earlier record of the same key.
     *
     * @param inputs a summary of what the step was and read, as JSON
     * @param duration how long it took
     */
    public CacheRecord put(CacheKey key, SnapshotId snapshot, String inputs, Duration duration) {
        return put(key, snapshot, inputs, duration, Instant.now());
    }

    /**
     * As above, for a step that was done elsewhere.
     *
     * @param createdAt when it was done
     */
    public CacheRecord put(CacheKey key, SnapshotId snapshot, String inputs, Duration duration, Instant createdAt) {
        Instant now = Rows.instant(Rows.nanos(Instant.now()));
        Instant made = Rows.instant(Rows.nanos(createdAt));
        database.writeRelaxed(connection -> {
            String insert = "INSERT OR REPLACE INTO cache_record"
                    + " (key, definition, snapshot, inputs, created_at, used_at, duration) VALUES (?, ?, ?, ?, ?, ?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setString(1, key.value().toString());
                statement.setString(2, key.definition().toString());
                statement.setLong(3, snapshot.value());
                statement.setString(4, inputs);
                statement.setLong(5, Rows.nanos(made));
                statement.setLong(6, Rows.nanos(now));
                statement.setLong(7, duration.toNanos());
                return statement.executeUpdate();
            }
        });
        return new CacheRecord(snapshot, made, duration);
    }

    /**
     * What a record keeps of its step.
     *
     * @param inputs a summary of what the step was and read, as JSON
     */
    public record Details(String inputs, Duration duration) {}

    /** What the record of a key keeps of its step, if there is one. */
    public Optional<Details> details(CacheKey key) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT inputs, duration FROM cache_record WHERE key = ?")) {
                select.setString(1, key.value().toString());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Details(row.getString(1), Duration.ofNanos(row.getLong(2))))
                            : Optional.empty();
                }
            }
        });
    }

    /** Notes that records were used now. */
    public void touch(Collection<CacheKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        long now = Rows.nanos(Instant.now());
        database.writeRelaxed(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE cache_record SET used_at = ?, uses = uses + 1 WHERE key = ?")) {
                for (CacheKey key : keys) {
                    update.setLong(1, now);
                    update.setString(2, key.value().toString());
                    update.addBatch();
                }
                return update.executeBatch();
            }
        });
    }
}
