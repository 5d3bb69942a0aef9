package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Optional;

/** What web servers said of the files that were fetched from them, so that they can be asked whether it still holds. */
final class DownloadTable {

    /** The oldest are forgotten, which costs no more than to fetch them again. */
    private static final int MOST = 10_000;

    private final Database database;

    DownloadTable(Database database) {
        this.database = database;
    }

    /**
     * @param etag what tells this content from others at the same address; may be empty
     * @param lastModified as the server wrote it; may be empty
     */
    record Known(Digest digest, String etag, String lastModified) {}

    Optional<Known> find(String url) {
        return database.read(connection -> {
            String query = "SELECT digest, etag, last_modified FROM download WHERE url = ?";
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, url);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Known(Digest.parse(row.getString(1)), row.getString(2), row.getString(3)))
                            : Optional.empty();
                }
            }
        });
    }

    void put(String url, Known known) {
        database.writeRelaxed(connection -> {
            String insert = "INSERT OR REPLACE INTO download (url, digest, etag, last_modified, fetched_at)"
                    + " VALUES (?, ?, ?, ?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setString(1, url);
                statement.setString(2, known.digest().toString());
                statement.setString(3, known.etag());
                statement.setString(4, known.lastModified());
                statement.setLong(5, Instant.now().getEpochSecond());
                statement.executeUpdate();
            }
            String forget = "DELETE FROM download WHERE url IN"
                    + " (SELECT url FROM download ORDER BY fetched_at DESC LIMIT -1 OFFSET " + MOST + ")";
            try (PreparedStatement statement = connection.prepareStatement(forget)) {
                return statement.executeUpdate();
            }
        });
    }
}
