package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs hold what containers wrote, stay within their sizes, and never keep a container waiting. */
class LogsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Daemon DAEMON = new Daemon();

    @BeforeAll
    static void importBusybox() throws Exception {
        Busybox.importInto(DAEMON);
    }

    private static Outcome wherry(String... arguments) {
        return DAEMON.wherry(arguments);
    }

    /** Runs a container to its end. */
    private static void ran(String name, String script, String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("run", "--name", name, "--network", "none"));
        command.addAll(List.of(options));
        command.addAll(List.of("busybox", "sh", "-c", script));
        wherry(command.toArray(String[]::new)).ok();
    }

    private static Path folder(String name) {
        String id = wherry("inspect", "-f", "{{.Id}}", name).ok().line();
        return DAEMON.root().resolve("containers").resolve(id);
    }

    @Test
    void unknownDriversAndOptionsAreRefused() {
        assertThat(wherry("create", "--log-driver", "foo", "busybox").refuses(1))
                .contains("no log driver named 'foo'");
        assertThat(wherry("create", "--log-opt", "foo=1", "busybox").refuses(1))
                .contains("unknown log opt 'foo' for json-file log driver");
    }

    @Test
    void noneKeepsNothingAndCannotBeRead() {
        ran("none", "echo hello", "--log-driver", "none");
        assertThat(wherry("logs", "none").stderr()).contains("configured logging driver does not support reading");
        assertThat(folder("none").resolve("log")).doesNotExist();
    }

    @Test
    void aLogStaysWithinItsSizesAndHoldsTheEnd() throws Exception {
        ran(
                "rotated",
                "i=0; while [ $i -lt 6000 ]; do echo line $i 01234567890123456789012345678901234567890123456789;"
                        + " i=$((i+1)); [ $((i % 200)) -ne 0 ] || sleep 0.1; done",
                "--log-opt",
                "max-size=50k",
                "--log-opt",
                "max-file=3");
        try (var files = Files.list(folder("rotated"))) {
            long bytes = 0;
            int count = 0;
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("log"))
                    .toList()) {
                bytes += Files.size(file);
                count++;
            }
            assertThat(count).isBetween(1, 3);
            // All that was written is more than 600 kB.
            assertThat(bytes).isLessThan(400_000);
        }
        assertThat(wherry("logs", "-n", "1", "rotated").ok().stdout()).startsWith("line 5999 ");
        List<String> lines = wherry("logs", "rotated").ok().stdout().lines().toList();
        assertThat(lines).isNotEmpty();
        for (int i = 1; i < lines.size(); i++) {
            assertThat(number(lines.get(i))).isEqualTo(number(lines.get(i - 1)) + 1);
        }
    }

    private static int number(String line) {
        return Integer.parseInt(line.split(" ")[1]);
    }

    @Test
    void followingGoesOnAcrossRotation() throws Exception {
        wherry(
                        "run",
                        "-d",
                        "--name",
                        "followed",
                        "--network",
                        "none",
                        "--log-opt",
                        "max-size=10k",
                        "--log-opt",
                        "max-file=100",
                        "busybox",
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 2000 ]; do echo line $i 0123456789; i=$((i+1));"
                                + " [ $((i % 200)) -ne 0 ] || sleep 0.2; done")
                .ok();
        Outcome followed = wherry("logs", "-f", "followed").ok();
        List<String> lines = followed.stdout().lines().toList();
        assertThat(lines).hasSize(2000);
        assertThat(lines.getLast()).isEqualTo("line 1999 0123456789");
        assertThat(folder("followed").resolve("log.1")).exists();
    }

    @Test
    void followingEndsWithTheRun() throws Exception {
        try (Gate gate = new Gate()) {
            wherry(
                            "run",
                            "-d",
                            "--name",
                            "again",
                            "--network",
                            "host",
                            "--restart",
                            "on-failure:1",
                            "busybox",
                            "sh",
                            "-c",
                            "echo run; " + gate.commandOnHost() + "; exit 1")
                    .ok();
            Running follower =
                    DAEMON.follow(DAEMON.root(), "logs", "-f", "again").awaitStdout("run");
            gate.awaitArrivals(1);
            gate.open();
            assertThat(follower.end().ok().stdout()).isEqualTo("run\n");
            gate.awaitArrivals(2);
            gate.open();
            wherry("wait", "again").ok();
            assertThat(wherry("logs", "again").ok().stdout()).isEqualTo("run\nrun\n");
        }
    }

    @Test
    void aReaderThatIsStuckKeepsNobodyWaiting() throws Exception {
        wherry(
                        "run",
                        "-d",
                        "--name",
                        "loud",
                        "--network",
                        "none",
                        "busybox",
                        "sh",
                        "-c",
                        "sleep 1; head -c 30000000 /dev/zero | tr '\\0' x | fold -w 100; echo; echo end")
                .ok();
        Process stuck = DAEMON.spawn(DAEMON.home(), "logs", "-f", "loud");
        try {
            // Nobody reads what it prints.
            assertThat(wherry(LIMIT, "wait", "loud").line()).isEqualTo("0");
            assertThat(wherry("logs", "-n", "1", "loud").ok().stdout()).isEqualTo("end\n");
        } finally {
            stuck.destroyForcibly().waitFor();
        }
    }

    private static Outcome wherry(Duration limit, String... arguments) {
        return DAEMON.wherry(limit, DAEMON.home(), arguments);
    }

    @Test
    void linesWithoutEndAndBytesThatAreNoTextComeOutAsTheyWere() throws Exception {
        ran("long", "head -c 10000000 /dev/zero | tr '\\0' y; printf '\\001\\377\\033[31m\\n'; echo next");
        String out = wherry("logs", "long").ok().stdout();
        assertThat(out).hasSizeGreaterThan(10_000_000).endsWith("\u001b[31m\nnext\n");
        assertThat(wherry("logs", "-n", "1", "long").ok().stdout()).isEqualTo("next\n");
        assertThat(wherry("logs", "-n", "2", "long").ok().stdout()).hasSizeGreaterThan(10_000_000);
    }

    @Test
    void detailsSayWhatTheOptionsName() {
        ran(
                "details",
                "echo hello",
                "-l",
                "a=b",
                "-e",
                "C=D",
                "--log-opt",
                "labels=a",
                "--log-opt",
                "env=C",
                "--log-opt",
                "tag={{.Name}}");
        assertThat(wherry("logs", "--details", "details").ok().stdout()).isEqualTo("C=D,a=b,tag=details hello\n");
    }

    @Test
    void theLastLinesOfALargeLogAreThereAtOnce() throws IOException {
        ran("large", "echo first");
        Path log = folder("large").resolve("log");
        String line = "2026-01-02T03:04:05.000000001+00:00 stdout F " + "z".repeat(200) + "\n";
        byte[] block = line.repeat(4000).getBytes(StandardCharsets.US_ASCII);
        try (var out = Files.newOutputStream(log)) {
            for (int i = 0; i < 300; i++) {
                out.write(block);
            }
            out.write("2026-01-02T03:04:06.000000001+00:00 stdout F last\n".getBytes(StandardCharsets.US_ASCII));
        }
        wherry("logs", "-n", "1", "large").ok();
        long before = bytesRead();
        assertThat(wherry("logs", "-n", "1", "large").ok().stdout()).isEqualTo("last\n");
        assertThat(wherry("logs", "--since", "2026-01-02T03:04:06Z", "large")
                        .ok()
                        .stdout())
                .isEqualTo("last\n");
        assertThat(bytesRead() - before)
                .as("bytes that the daemon read, of a log with %s", Files.size(log))
                .isLessThan(Files.size(log) / 4);
        Files.delete(log);
    }

    private static long bytesRead() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + DAEMON.pid() + "/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .sum();
    }
}
