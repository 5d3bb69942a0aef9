package dev.wherry.daemon.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Mounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

/** A database on a disk of two mebibytes. */
class FullDiskTest {

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createTempDirectory(Path.of("/tmp"), "wherry-full-");
        Mounts.tmpfs(disk, "size=2m");
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmount(disk);
        FileTrees.remove(disk);
    }

    private Database open() {
        return new Database(source());
    }

    private SQLiteDataSource source() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + disk.resolve("db"));
        source.setJournalMode("WAL");
        return source;
    }

    private void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream file =
                Files.newOutputStream(disk.resolve("fill"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static void insert(Database database) {
        database.write(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate("CREATE TABLE big AS SELECT randomblob(1000000) AS b");
            }
        });
    }

    @Test
    void aChangeThatFindsNoSpaceSaysSoAndWorksOnceThereIsSome() throws IOException {
        Database database = open();
        fill();
        assertThatThrownBy(() -> insert(database))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("no space left for the daemon's database: free some disk space");

        Files.delete(disk.resolve("fill"));
        insert(database);
    }

    @Test
    void rowsCanBeRemovedFromAFullDiskWhateverTakesTheRestOfIt() throws Exception {
        Database database = open();
        // As a pool of connections does, one keeps the log of the database.
        try (Connection kept = source().getConnection()) {
            kept.createStatement().executeQuery("PRAGMA user_version").close();
            run(
                    database,
                    "CREATE TABLE item AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            + " WHERE i < 200) SELECT i, randomblob(200) AS b FROM n");
            fill();

            for (int i = 1; i <= 200; i++) {
                run(database, "DELETE FROM item WHERE i = " + i);
                run(database, "INSERT INTO item VALUES (" + (1000 + i) + ", 'event')");
            }

            assertThat(database.<Integer>read(connection -> connection
                            .createStatement()
                            .executeQuery("SELECT count(*) FROM item WHERE i > 1000")
                            .getInt(1)))
                    .isEqualTo(200);
        }
    }

    private static void run(Database database, String command) {
        database.write(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate(command);
            }
        });
    }

    @Test
    void aDatabaseThatCannotEvenBeOpenedForWantOfSpaceSaysSo() throws IOException {
        open();
        fill();
        assertThatThrownBy(this::open).isInstanceOf(ExhaustedException.class);
    }
}
