package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Rows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What cache records say of their steps, those that are gone included. */
final class RecordTable {

    private final Database database;

    RecordTable(Database database) {
        this.database = database;
    }

    /** What the step of a key depended on. */
    Optional<StepInputs> inputs(Digest key) {
        return one(
                        "SELECT inputs FROM cache_record WHERE key = ?1"
                                + " UNION ALL SELECT inputs FROM pruned_record WHERE key = ?1",
                        key)
                .flatMap(StepInputs::parse);
    }

    /** What the latest step of a definition depended on, other than that of a key: a copy of other files. */
    Optional<StepInputs> nearest(Digest definition, Digest but) {
        String query =
                "SELECT inputs FROM (SELECT key, inputs, created_at AS at FROM cache_record WHERE definition = ?1"
                        + " UNION ALL SELECT key, inputs, pruned_at FROM pruned_record WHERE definition = ?1)"
                        + " WHERE key != ?2 ORDER BY at DESC LIMIT 1";
        return database.<Optional<String>>read(connection -> {
                    try (PreparedStatement select = connection.prepareStatement(query)) {
                        select.setString(1, definition.toString());
                        select.setString(2, but.toString());
                        return first(select);
                    }
                })
                .flatMap(StepInputs::parse);
    }

    /**
     * What became of the record of a key before a time.
     *
     * @param prunedAt when it was removed, if it was and none took its place
     * @param exists whether there was one
     */
    record Fate(Optional<Instant> prunedAt, boolean exists) {}

    Fate fate(Digest key, Instant before) {
        long then = Rows.nanos(before);
        Optional<Long> created = one("SELECT created_at FROM cache_record WHERE key = ?1", key)
                .map(Long::valueOf)
                .filter(at -> at < then);
        Optional<Long> pruned = one("SELECT pruned_at FROM pruned_record WHERE key = ?1", key)
                .map(Long::valueOf)
                .filter(at -> created.isEmpty() || at > created.get());
        return new Fate(pruned.map(at -> Instant.ofEpochSecond(0, at)), created.isPresent());
    }

    /** How long the step of a key took; zero when it is not known. */
    Duration duration(Digest key) {
        return one("SELECT duration FROM cache_record WHERE key = ?1", key)
                .map(nanos -> Duration.ofNanos(Long.parseLong(nanos)))
                .orElse(Duration.ZERO);
    }

    /** Adds to the record of a RUN which files it opened. */
    void read(Digest key, Collection<String> paths) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        paths.stream().sorted().forEach(list::add);
        database.writeRelaxed(connection -> {
            String update = "UPDATE cache_record SET inputs = json_set(inputs, '$.reads', json(?)) WHERE key = ?";
            try (PreparedStatement statement = connection.prepareStatement(update)) {
                statement.setString(1, list.toString());
                statement.setString(2, key.toString());
                return statement.executeUpdate();
            }
        });
    }

    private Optional<String> one(String query, Digest key) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, key.toString());
                return first(select);
            }
        });
    }

    private static Optional<String> first(PreparedStatement select) throws java.sql.SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }
}
