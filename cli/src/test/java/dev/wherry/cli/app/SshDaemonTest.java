package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A daemon that is reached by {@code ssh}, for which a script stands. */
@Timeout(180)
class SshDaemonTest {
    private static final String CLIENT =
            "exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' dev.wherry.cli.app.Main \"$@\"\n"
                    .formatted(
                            ProcessHandle.current().info().command().orElseThrow(),
                            System.getProperty("java.class.path"));

    @TempDir
    private Path folder;

    private String out = "";
    private String err = "";
    private byte[] input = new byte[0];

    @BeforeEach
    void tools() throws IOException {
        Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("sh", "grep")) {
            Files.createSymbolicLink(folder.resolve("tools").resolve(tool), Path.of("/bin", tool));
        }
    }

    @Test
    void callsGoThroughTheOtherSidesStandardStreams() throws Exception {
        Path socket = folder.resolve("it's;d.sock");
        script("wherry", CLIENT);
        // As sshd does: a shell gets the words after the host, joined.
        script("ssh", """
                printf '%s\\n' "$@" > "$PLACE/arguments"
                echo $$ > "$PLACE/pid"
                grep SigIgn /proc/self/status > "$PLACE/ignored"
                while [ "$1" != -- ]; do shift; done
                shift 2
                exec sh -c "exec $*"
                """);
        try (FakeDaemon _ = new FakeDaemon(socket)) {
            assertThat(run("ssh://ann@build_1:222" + socket, "volume", "inspect", "data"))
                    .as(err)
                    .isZero();
            assertThat(out).contains("\"Name\": \"data\"");
            assertThat(err).isEmpty();
        }
        assertThat(Files.readAllLines(folder.resolve("arguments")))
                .containsExactly(
                        "-o",
                        "ConnectTimeout=30",
                        "-T",
                        "-l",
                        "ann",
                        "-p",
                        "222",
                        "--",
                        "build_1",
                        "wherry",
                        "--host",
                        "'unix://" + folder + "/it'\\''s;d.sock'",
                        "system",
                        "dial-stdio");
        // SIGINT and SIGQUIT are signals 2 and 3.
        String mask = Files.readString(folder.resolve("ignored")).strip().replaceAll(".*\\s", "");
        assertThat(Long.parseUnsignedLong(mask, 16) & 0b110).isEqualTo(0b110);
        ended();
    }

    @Test
    void largeStreamsPassBothWays() throws Exception {
        Path socket = folder.resolve("d.sock");
        script("wherry", CLIENT);
        script("ssh", "while [ \"$1\" != -- ]; do shift; done; shift 2; exec sh -c \"exec $*\"\n");
        input = new byte[5 << 20];
        new java.util.Random(1).nextBytes(input);
        try (FakeDaemon daemon = new FakeDaemon(socket)) {
            assertThat(run("ssh://host" + socket, "import", "-")).as(err).isZero();
            assertThat(daemon.imported.toByteArray()).isEqualTo(input);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "echo 'ssh: connect to host h port 22: Connection refused' >&2; exit 255~cannot connect to wherryd at ssh://h: ssh: connect to host h port 22: Connection refused|",
                "echo 'sh: 1: wherry: not found' >&2; exit 127~cannot connect to wherryd at ssh://h: sh: 1: wherry: not found|",
                "exit 9~cannot connect to wherryd at ssh://h: ssh ended with status 9|",
                "echo 'KEYS CHANGED' >&2; echo 'Host key verification failed.' >&2; exit 255~cannot connect to wherryd at ssh://h: Host key verification failed.|KEYS CHANGED|Host key verification failed.|",
            })
    void whatSshSaysOfAFailureIsShown(String script, String sentence) throws IOException {
        script("ssh", script + "\n");

        assertThat(run("ssh://h", "ps")).isEqualTo(1);
        assertThat(err.replace('\n', '|')).isEqualTo("wherry: " + sentence);
    }

    @Test
    void missingSshIsReported() throws IOException {
        Files.createDirectory(folder.resolve("bin"));

        assertThat(run("ssh://h", "run", "app")).isEqualTo(125);
        assertThat(err)
                .startsWith("wherry: cannot connect to wherryd at ssh://h: ")
                .contains("ssh")
                .contains("not found");
    }

    private void ended() throws Exception {
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(child -> child.onExit().join());
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int run(String host, String... words) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        // The tools that the scripts need, but no ssh.
        String path = folder.resolve("bin") + ":" + folder.resolve("tools");
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(stdout, true),
                new PrintStream(stderr, true),
                false,
                false,
                false,
                Map.of("WHERRY_HOST", host, "PATH", path, "PLACE", folder.toString(), "HOME", folder.toString()));
        int status = CommandRunner.run(console, words.length == 0 ? new String[] {"ps"} : words)
                .code();
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return status;
    }
}
