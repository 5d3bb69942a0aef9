package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How often commands wait for the disk: on a disk that is busy with other work, each sync takes as long as that work.
 * The system calls of the daemon and of all programs that it starts are counted with strace.
 */
class SyncsIT {

    private static final int PATIENCE_SECONDS = 10;
    private static final List<String> RUN = List.of("run", "--network", "none");

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        // Beside the tests, the daemon would bring the files of the import to the disk.
        daemon.restart();
    }

    @Test
    void containerThatRemovesItselfNeedsNone() throws Exception {
        assertThat(syncsOf(run("--rm", "busybox", "true"))).isEmpty();
        assertThat(daemon.wherry("ps", "-aq").ok().stdout()).isEmpty();
    }

    @Test
    void containerThatStaysNeedsOne() throws Exception {
        assertThat(syncsOf(run("-d", "--name", "stays", "busybox", "true"))).hasSize(1);
    }

    /** A user was told of a volume with a name, and of no other. */
    @Test
    void newVolumeWithANameNeedsOneAndOthersNeedNone() throws Exception {
        assertThat(syncsOf(run("--rm", "-v", "/anonymous", "busybox", "true"))).isEmpty();
        assertThat(syncsOf(run("--rm", "-v", "data:/d", "busybox", "true"))).hasSize(1);
        assertThat(syncsOf(run("--rm", "-v", "data:/d", "busybox", "true"))).isEmpty();
        assertThat(syncsOf(run("-d", "-v", "other:/d", "busybox", "true"))).hasSize(1);
        assertThat(syncsOf("volume", "rm", "data")).hasSize(1);
    }

    @Test
    void execAndTheEndOfAContainerNeedNone() throws Exception {
        daemon.wherry(run("-d", "--name", "runs", "--stop-signal", "KILL", "busybox", "sleep", "1000"))
                .ok();

        assertThat(syncsOf("exec", "runs", "true")).isEmpty();
        assertThat(syncsOf("pause", "runs")).isEmpty();
        assertThat(syncsOf("unpause", "runs")).isEmpty();
        assertThat(syncsOf("stop", "runs")).isEmpty();
        assertThat(syncsOf("start", "runs")).isEmpty();
        assertThat(syncsOf("rm", "-f", "runs")).hasSize(1);
    }

    /** The next daemon must know of it, or it would start the container again. */
    @Test
    void stopOfAContainerThatIsRestartedNeedsOne() throws Exception {
        daemon.wherry(run("-d", "--name", "kept", "--restart", "unless-stopped", "busybox", "sleep", "1000"))
                .ok();

        int first = syncsOf("stop", "-t", "0", "kept").size();
        daemon.wherry("start", "kept").ok();
        int second = syncsOf("stop", "-t", "0", "kept").size();
        // Into one of them a checkpoint of the database may fall, which comes once in many changes.
        assertThat(Math.min(first, second)).isEqualTo(1);
    }

    private static String[] run(String... arguments) {
        return Stream.concat(RUN.stream(), Stream.of(arguments)).toArray(String[]::new);
    }

    /** The system calls that waited for the disk while a command ran. */
    private static List<String> syncsOf(String... command) throws IOException, InterruptedException {
        Path calls = Files.createTempFile(daemon.home(), "calls", "");
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-e",
                        "trace=fsync,fdatasync,sync,syncfs,sync_file_range,msync",
                        "-e",
                        "signal=none",
                        "-o",
                        calls.toString(),
                        "-p",
                        Long.toString(daemon.pid()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader says =
                new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8))) {
            // strace tells when it follows the process.
            assertThat(says.readLine()).contains("attached");
            daemon.wherry(command).ok();
            // The process itself would close what it says.
            strace.toHandle().destroy();
            // It may wait for ever for a process that ended as it let go of it; all calls are in its file by then.
            if (!strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                strace.toHandle().destroyForcibly();
            }
            says.lines().forEach(_ -> {});
            strace.waitFor();
        }
        return Files.readAllLines(calls).stream()
                .filter(line -> line.contains("sync") && !line.contains("resumed>"))
                .toList();
    }
}
