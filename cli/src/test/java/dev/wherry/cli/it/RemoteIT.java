package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that stream, of clients that reach the daemon by TCP with certificates, and by SSH. */
@Timeout(180)
class RemoteIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    @RegisterExtension
    static final Daemon daemon = Authority.daemon();

    private static SshServer server;
    private static Path identity;

    /** How a client reaches the daemon. */
    private enum By {
        TCP,
        SSH;

        Map<String, String> variables() throws IOException {
            return switch (this) {
                case TCP -> Authority.variables(daemon, identity);
                case SSH -> server.variables();
            };
        }

        Process spawn(Path folder, String... arguments) throws IOException {
            return daemon.spawn(folder, variables(), arguments);
        }

        Running follow(String... arguments) throws IOException {
            return new Running(List.of(arguments), spawn(daemon.home(), arguments));
        }

        Outcome wherry(String... arguments) throws IOException {
            return wherry(daemon.home(), arguments);
        }

        Outcome wherry(Path folder, String... arguments) throws IOException {
            return Outcome.of(List.of(arguments), spawn(folder, arguments), LIMIT);
        }

        /** What a command gives that reads this. */
        Outcome fed(byte[] input, String... arguments) throws IOException {
            Process client = spawn(daemon.home(), arguments);
            Thread.startVirtualThread(() -> {
                try (OutputStream stdin = client.getOutputStream()) {
                    stdin.write(input);
                } catch (IOException ended) {
                    // The test sees it by the output.
                }
            });
            return Outcome.of(List.of(arguments), client, LIMIT);
        }

        String named(String name) {
            return name + "-" + toString().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @BeforeAll
    static void prepare() throws Exception {
        Busybox.importInto(daemon);
        identity = Authority.issue(daemon, "far", "admin");
        server = new SshServer(daemon);
        daemon.wherry("run", "-d", "--name", "box", "busybox", "sleep", "10000").ok();
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static byte[] large() {
        byte[] content = new byte[8 << 20];
        new Random(14).nextBytes(content);
        return content;
    }

    private static String md5(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    }

    @ParameterizedTest
    @EnumSource
    void streamsAndExitCodesArrive(By by) throws Exception {
        byte[] content = large();
        for (String[] command : new String[][] {{"run", "-i", "--rm", "busybox"}, {"exec", "-i", "box"}}) {
            String[] script = Arrays.copyOf(command, command.length + 3);
            System.arraycopy(new String[] {"sh", "-c", "md5sum; echo err >&2; exit 7"}, 0, script, command.length, 3);

            Outcome outcome = by.fed(content, script);

            assertThat(outcome.exits(7).stdout()).startsWith(md5(content));
            assertThat(outcome.stderr()).isEqualTo("err\n");
        }
        assertThat(by.wherry("exec", "box", "seq", "1", "200000").ok().stdout().lines())
                .hasSize(200_000)
                .endsWith("200000");
    }

    @ParameterizedTest
    @EnumSource
    void terminalIsThatOfTheUser(By by) throws Exception {
        String name = by.named("terminal");
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type(by.variables().entrySet().stream()
                    .map(variable -> variable.getKey() + "='" + variable.getValue() + "'")
                    .collect(Collectors.joining(" ", "export ", "; clear")));
            screen.type("wherry run -it --name " + name + " busybox sh");
            screen.await(text -> text.contains("/ #"));
            screen.type("stty size");
            screen.awaitLine("30 100");
            screen.resize(120, 40);
            screen.await(text -> {
                typed(screen, "stty size");
                return text.lines().anyMatch("40 120"::equals);
            });
            screen.type("sleep 1000");
            screen.press("C-c");
            screen.type("echo al''ive");
            screen.awaitLine("alive");
            screen.press("C-p");
            screen.press("C-q");
            screen.await(text -> text.contains("read escape sequence"));

            screen.type("clear; wherry exec -it " + name + " sh -c 'stty size; exit 5'; echo exec=$?");
            screen.awaitLine("exec=5");
            screen.awaitLine("40 120");
            screen.type("clear; wherry attach " + name);
            screen.await(text -> text.contains("/ #"));
            screen.type("echo aga''in; exit 3");
            screen.awaitLine("again");
            screen.await(text -> text.stripTrailing().endsWith("\n$"));
            screen.type("echo attach=$?");
            screen.awaitLine("attach=3");
        }
        daemon.wherry("rm", name).ok();
    }

    private static void typed(Screen screen, String line) {
        try {
            screen.type(line);
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptReachesTheContainer(By by) throws Exception {
        Running client = by.follow(
                "run", "--rm", "busybox", "sh", "-c", "trap 'exit 8' INT; echo ready; while :; do sleep 0.05; done");
        client.awaitStdout("ready");

        assertThat(client.interrupt().end().exits(8).stderr()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void logsAndEventsAreFollowed(By by) throws Exception {
        String name = by.named("logged");
        Running events =
                by.follow("events", "--since", "10m", "--filter", "container=" + name, "--format", "{{.Action}}");
        try (Gate gate = new Gate()) {
            daemon.wherry(
                            "run",
                            "-d",
                            "--name",
                            name,
                            "busybox",
                            "sh",
                            "-c",
                            "echo first; " + gate.command() + "; echo last")
                    .ok();
            Running logs = by.follow("logs", "-f", name);
            logs.awaitStdout("first");
            assertThat(logs.isAlive()).isTrue();
            gate.awaitArrivals(1);
            gate.open();

            assertThat(logs.end().ok().stdout()).isEqualTo("first\nlast\n");
        }
        daemon.wherry("rm", name).ok();
        events.awaitStdout("destroy");
        events.interrupt().end();
    }

    @ParameterizedTest
    @EnumSource
    void filesAreCopiedBothWays(By by) throws Exception {
        Path folder = Files.createDirectories(daemon.home().resolve(by.named("copied") + "/deep"))
                .getParent();
        byte[] content = large();
        Files.write(folder.resolve("deep/large"), content);
        Files.createSymbolicLink(folder.resolve("link"), Path.of("deep/large"));
        String inside = "/tmp/" + by.named("in");

        by.wherry("cp", folder.toString(), "box:" + inside).ok();
        by.wherry("cp", "box:" + inside, folder + "-back").ok();

        Path back = Path.of(folder + "-back");
        assertThat(Files.readAllBytes(back.resolve("deep/large"))).isEqualTo(content);
        assertThat(Files.readSymbolicLink(back.resolve("link"))).isEqualTo(Path.of("deep/large"));
        assertThat(by.wherry("exec", "box", "md5sum", inside + "/deep/large")
                        .ok()
                        .line())
                .startsWith(md5(content));
    }

    @ParameterizedTest
    @EnumSource
    void buildsUseSecretsAndAgentsOfTheClient(By by) throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                COPY tools /
                COPY %s /name
                RUN --mount=type=secret,id=token md5sum < /run/secrets/token > /sum
                RUN --mount=type=ssh ssh-add -l > /keys
                """.formatted(by)).file(by.toString(), by.toString());
        Path token = Files.writeString(daemon.home().resolve(by.named("token")), "s3cr3t" + by);
        Path key = daemon.home().resolve(by.named("key"));
        // The program of the host, with its libraries, since busybox has no SSH.
        Host.sh(
                project.folder(),
                "ssh-keygen -q -t ed25519 -N '' -C " + by.named("far") + " -f " + key
                        + "; for f in /usr/bin/ssh-add $(ldd /usr/bin/ssh-add | grep -o '/[^ ]*'); do"
                        + " mkdir -p tools$(dirname $f); cp $f tools$f; done");
        Path socket = daemon.home().resolve(by.named("agent"));
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(LIMIT).until(() -> Files.exists(socket));
            Host.sh(project.folder(), "SSH_AUTH_SOCK=" + socket + " ssh-add -q " + key);

            String image = by.wherry(
                            project.folder(),
                            "build",
                            "-q",
                            "--secret",
                            "id=token,src=" + token,
                            "--ssh",
                            "default=" + socket,
                            ".")
                    .ok()
                    .line();

            assertThat(project.shell(image, "cat /name /sum /keys"))
                    .startsWith(by + md5(("s3cr3t" + by).getBytes(StandardCharsets.US_ASCII)))
                    .contains(by.named("far"));
        } finally {
            agent.destroy();
            agent.waitFor();
        }
        Path out = daemon.home().resolve(by.named("out"));
        assertThat(by.fed(
                                "FROM scratch\nCOPY a /\n".getBytes(StandardCharsets.US_ASCII),
                                "build",
                                "-q",
                                "-o",
                                out.toString(),
                                "-f",
                                "-",
                                Project.of(daemon, "")
                                        .file("a", "content")
                                        .folder()
                                        .toString())
                        .ok()
                        .stderr())
                .isEmpty();
        assertThat(out.resolve("a")).hasContent("content");
    }
}
