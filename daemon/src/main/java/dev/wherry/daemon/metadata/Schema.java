package dev.wherry.daemon.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The schema, as numbered scripts: {@code schema/1.sql}, {@code schema/2.sql} and so on. SQLite's {@code user_version}
 * holds the number of the last one applied. A database from a newer daemon is refused.
 */
final class Schema {

    private static final int CURRENT = 8;

    private Schema() {}

    static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version > CURRENT) {
                throw new IllegalStateException("the database is of a newer wherryd (schema " + version
                        + ", this one knows " + CURRENT + "): install that version or another --root");
            }
            for (int next = version + 1; next <= CURRENT; next++) {
                for (String command : script(next).split(";\\s*\n")) {
                    if (!command.isBlank()) {
                        statement.executeUpdate(command);
                    }
                }
                statement.executeUpdate("PRAGMA user_version = " + next);
            }
        }
    }

    /** Writes the version of a migrated database again: the smallest change there is. */
    static void rewriteVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA user_version = " + CURRENT);
        }
    }

    private static String script(int number) {
        try (InputStream script = Schema.class.getResourceAsStream("/schema/" + number + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
