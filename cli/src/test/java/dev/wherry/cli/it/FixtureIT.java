package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures themselves: a leak check that finds nothing wherever it looks would pass for a clean daemon. */
class FixtureIT {

    @RegisterExtension
    static final Registry registry = new Registry();

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
