package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Rows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code build}. */
final class BuildTable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String COLUMNS =
            "ref, project, name, context, dockerfile, target, status, started_at, duration,"
                    + " steps, cached, image, tags, error";

    private final Database database;

    BuildTable(Database database) {
        this.database = database;
    }

    /** The steps of a build, with what it was. */
    record Row(BuildEntry build, List<StepEntry> steps) {}

    void insert(BuildEntry build, List<StepEntry> steps) {
        database.writeRelaxed(connection -> {
            String insert = "INSERT INTO build (" + COLUMNS + ", record) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                int i = 1;
                statement.setString(i++, build.ref());
                statement.setString(i++, build.project());
                statement.setString(i++, build.name());
                statement.setString(i++, build.context());
                statement.setString(i++, build.dockerfile());
                statement.setString(i++, build.target());
                statement.setString(i++, build.status().name());
                statement.setLong(i++, Rows.nanos(build.startedAt()));
                statement.setLong(i++, build.duration().toNanos());
                statement.setInt(i++, build.steps());
                statement.setInt(i++, build.cached());
                statement.setString(i++, build.image());
                statement.setString(i++, String.join(" ", build.tags()));
                statement.setString(i++, build.error());
                statement.setString(i, StepEntry.json(steps).toString());
                return statement.executeUpdate();
            }
        });
    }

    /** The last builds of a project, newest first. */
    List<Row> recent(String project, int most) {
        return database.read(connection -> {
            String query = "SELECT " + COLUMNS + ", record FROM build WHERE project = ? ORDER BY id DESC LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, project);
                select.setInt(2, most);
                List<Row> rows = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.add(new Row(build(row), steps(row.getString("record"))));
                    }
                }
                return rows;
            }
        });
    }

    /** All builds, newest first, without their steps. */
    List<BuildEntry> list() {
        return database.read(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT " + COLUMNS + " FROM build ORDER BY id DESC");
                    ResultSet row = select.executeQuery()) {
                List<BuildEntry> builds = new ArrayList<>();
                while (row.next()) {
                    builds.add(build(row));
                }
                return builds;
            }
        });
    }

    Optional<Row> find(String ref) {
        return database.read(connection -> {
            String query = "SELECT " + COLUMNS + ", record FROM build WHERE ref = ?";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, ref);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Row(build(row), steps(row.getString("record"))))
                            : Optional.empty();
                }
            }
        });
    }

    void delete(List<String> refs) {
        database.writeRelaxed(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM build WHERE ref = ?")) {
                for (String ref : refs) {
                    delete.setString(1, ref);
                    delete.addBatch();
                }
                return delete.executeBatch();
            }
        });
    }

    /** The builds that are beyond the newest {@code most}, or began before a time. */
    List<String> expired(int most, Instant before) {
        return database.read(connection -> {
            String query = "SELECT ref FROM build WHERE started_at < ? OR id <= (SELECT coalesce(min(id), 0) - 1 FROM"
                    + " (SELECT id FROM build ORDER BY id DESC LIMIT ?))";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setLong(1, Rows.nanos(before));
                select.setInt(2, most);
                return strings(select);
            }
        });
    }

    /** Content digests of the lists of files that a cache record, or one that is gone, refers to. */
    List<String> fileLists() {
        return database.read(connection -> {
            String query = "SELECT inputs ->> 'files' FROM cache_record WHERE inputs ->> 'files' IS NOT NULL"
                    + " UNION SELECT inputs ->> 'files' FROM pruned_record WHERE inputs ->> 'files' IS NOT NULL";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                return strings(select);
            }
        });
    }

    private static List<String> strings(PreparedStatement select) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private static BuildEntry build(ResultSet row) throws SQLException {
        String tags = row.getString("tags");
        return new BuildEntry(
                row.getString("ref"),
                row.getString("project"),
                row.getString("name"),
                row.getString("context"),
                row.getString("dockerfile"),
                row.getString("target"),
                BuildEntry.Status.valueOf(row.getString("status")),
                Instant.ofEpochSecond(0, row.getLong("started_at")),
                Duration.ofNanos(row.getLong("duration")),
                row.getInt("steps"),
                row.getInt("cached"),
                row.getString("image"),
                tags.isEmpty() ? List.of() : List.of(tags.split(" ")),
                row.getString("error"));
    }

    private static List<StepEntry> steps(String json) {
        try {
            List<StepEntry> steps = new ArrayList<>();
            for (JsonNode step : MAPPER.readTree(json)) {
                steps.add(StepEntry.parse(step));
            }
            return steps;
        } catch (JacksonException | IllegalArgumentException otherFormat) {
            return List.of();
        }
    }
}
