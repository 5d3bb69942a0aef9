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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

/** A database on a disk of one mebibyte. */
class FullDiskTest {

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createTempDirectory(Path.of("/tmp"), "wherry-full-");
        Mounts.tmpfs(disk, "size=1m");
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmount(disk);
        FileTrees.remove(disk);
    }

    private Database open() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + disk.resolve("db"));
        source.setJournalMode("WAL");
        return new Database(source);
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
                return statement.executeUpdate("CREATE TABLE big AS SELECT randomblob(500000) AS b");
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
    void aDatabaseThatCannotEvenBeOpenedForWantOfSpaceSaysSo() throws IOException {
        open();
        fill();
        assertThatThrownBy(this::open).isInstanceOf(ExhaustedException.class);
    }
}
