package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where a daemon makes files: in its roots and nowhere else, so that one that is killed leaves nothing behind in a home
 * folder or in {@code /tmp}. Everything that it makes from its first instruction on is seen by strace.
 */
class PlacesIT {

    /** The path of a file or folder that was made, and not only looked for. */
    private static final Pattern MADE =
            Pattern.compile("\\b(?:mkdir|mknod|creat|symlink|link|rename)\\w*\\(.*?\"(/[^\"]*)\".* = 0"
                    + "|\\bopenat\\(AT_FDCWD, \"(/[^\"]*)\", [^)]*O_CREAT[^)]*\\) = \\d+");

    private Path home;
    private Process strace;

    @BeforeEach
    void make() throws IOException {
        Host.require();
        home = Files.createTempDirectory(Path.of("/tmp"), "wherry-it-");
    }

    @AfterEach
    void clean() throws Exception {
        if (strace != null) {
            strace.descendants().forEach(ProcessHandle::destroyForcibly);
            strace.waitFor();
        }
        Host.clean(home);
    }

    @Test
    void daemonMakesFilesInItsRootsOnly() throws Exception {
        Path calls = home.resolve("calls");
        Path socket = home.resolve("run/wherryd.sock");
        List<String> command = Host.program(
                "wherry.daemon",
                "--root",
                home.resolve("root").toString(),
                "--run-root",
                home.resolve("run").toString(),
                // A trial of another one would make files of its own.
                "--runtime",
                "runc");
        List<String> traced = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-qq",
                "-s",
                "300",
                "-e",
                "trace=openat,creat,mkdir,mkdirat,mknod,mknodat,symlink,symlinkat,link,linkat,rename,renameat,renameat2",
                "-e",
                "signal=none",
                "-o",
                calls.toString()));
        traced.addAll(command);
        strace = new ProcessBuilder(traced)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(socket));

        assertThat(client(socket, "version").waitFor()).isZero();
        Process imported = client(socket, "import", Busybox.tar(home).toString(), "busybox");
        assertThat(imported.waitFor()).isZero();
        strace.descendants().forEach(ProcessHandle::destroyForcibly);
        assertThat(strace.waitFor(1, TimeUnit.MINUTES)).isTrue();

        List<String> made = Files.readAllLines(calls).stream()
                .map(MADE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();
        assertThat(made).anyMatch(path -> path.startsWith(home.resolve("root").toString()));
        // What a Java machine keeps for its own tools is not the daemon's, nor the copy that crun makes of itself for a
        // moment when it is asked for its version.
        assertThat(made)
                .allMatch(path -> path.startsWith(home.toString())
                        || path.startsWith("/proc/")
                        || path.startsWith("/dev/")
                        || path.startsWith("/tmp/hsperfdata_")
                        || path.startsWith("/tmp/crun."));
    }

    private Process client(Path socket, String... arguments) throws IOException {
        ProcessBuilder client = new ProcessBuilder(Host.program("wherry.cli", arguments));
        client.environment().put("WHERRY_HOST", "unix://" + socket);
        return client.redirectErrorStream(true)
                .redirectOutput(home.resolve("client").toFile())
                .start();
    }
}
