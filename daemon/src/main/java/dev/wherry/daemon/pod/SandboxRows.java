package dev.wherry.daemon.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.metadata.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table {@code sandbox}, within one transaction. */
final class SandboxRows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SandboxRows() {}

    static List<Pod> all(Connection connection) throws SQLException {
        return Rows.query(connection, SandboxRows::read, "SELECT * FROM sandbox");
    }

    static void insert(Connection connection, Pod sandbox) throws SQLException {
        Rows.execute(
                connection,
                "INSERT INTO sandbox (id, name, state, config, created_at, addresses, boot_id)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                sandbox.id(),
                sandbox.config().reservedName(),
                sandbox.state().toString(),
                json(sandbox.config()),
                Rows.nanos(sandbox.createdAt()),
                Rows.json(sandbox.addresses()),
                sandbox.bootId());
    }

    /** Writes where it stands in its life, and its limits. */
    static void update(Connection connection, Pod sandbox) throws SQLException {
        Rows.execute(
                connection,
                "UPDATE sandbox SET state = ?, addresses = ?, config = ? WHERE id = ?",
                sandbox.state().toString(),
                Rows.json(sandbox.addresses()),
                json(sandbox.config()),
                sandbox.id());
    }

    static void delete(Connection connection, String id) throws SQLException {
        Rows.execute(connection, "DELETE FROM sandbox WHERE id = ?", id);
    }

    private static Pod read(ResultSet row) throws SQLException {
        try {
            return new Pod(
                    row.getString("id"),
                    JSON.readValue(row.getString("config"), SandboxConfig.class),
                    SandboxState.parse(row.getString("state")),
                    Rows.instant(row.getLong("created_at")),
                    Rows.list(row.getString("addresses")),
                    row.getString("boot_id"));
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException("database: a row of a sandbox is malformed", malformed);
        }
    }

    private static String json(SandboxConfig config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
