package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures themselves: a leak check that finds nothing wherever it looks would pass for a clean daemon. */
class FixtureIT {

    @RegisterExtension
    static final Registry registry = new Registry();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @Test
    void holdingsNameWhatIsWrong() throws Exception {
        assertThat(Holdings.wrong(daemon)).isEmpty();
        Path folder = Files.createDirectories(daemon.root().resolve("cache-mounts/99"));
        Path blobs = Files.createDirectories(daemon.root().resolve("content/blobs/sha256"));
        Path blob = Files.createFile(blobs.resolve("0".repeat(64)));
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + daemon.root().resolve("wherry.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE invented (id INTEGER)");
            statement.execute("INSERT INTO cache_mount (id, key, name, created_at, used_at) VALUES (7, '', '', 0, 0)");

            assertThat(Holdings.wrong(daemon))
                    .containsExactlyInAnyOrder(
                            "nothing watches table invented",
                            "cache mount " + folder,
                            "cache mount 7 has no folder",
                            "blob sha256:" + "0".repeat(64) + " has other bytes");
            assertThat(Holdings.rows(daemon)).containsEntry("cache_mount", 1L).containsEntry("invented", 0L);

            statement.execute("DROP TABLE invented");
            statement.execute("DELETE FROM cache_mount");
        }
        Files.delete(folder);
        Files.delete(blob);
        assertThat(Holdings.wrong(daemon)).isEmpty();
    }

    @Test
    void registryKeepsWhatIsPushed(@TempDir Path folder) throws Exception {
        String digest = registry.push("library/busybox", "latest", Busybox.tar(folder), "{\"Cmd\": [\"sh\"]}");

        assertThat(registry.blob(digest)).content().contains("application/vnd.oci.image.layer.v1.tar+gzip");
    }

    @Test
    void leakCheckFindsMountsProcessesAndState() throws Exception {
        Path home = Files.createTempDirectory(Path.of("/tmp"), "wherry-it-");
        try {
            Path mount = Files.createDirectories(home.resolve("run/m"));
            new ProcessBuilder("mount", "-t", "tmpfs", "none", mount.toString())
                    .start()
                    .waitFor();
            Files.createFile(
                    Files.createDirectories(home.resolve("run/runc/c1")).resolve("state.json"));
            Process process = new ProcessBuilder(
                            "tail", "-f", home.resolve("run/runc/c1/state.json").toString())
                    .start();

            assertThat(Host.left(home))
                    .containsExactlyInAnyOrder(
                            "mount " + mount,
                            "process " + process.pid() + " tail -f " + home.resolve("run/runc/c1/state.json") + " ",
                            "container state " + home.resolve("run/runc/c1/state.json"));
        } finally {
            Host.clean(home);
        }
        assertThat(home).doesNotExist();
        assertThat(List.copyOf(Host.mounts(home))).isEmpty();
    }
}
