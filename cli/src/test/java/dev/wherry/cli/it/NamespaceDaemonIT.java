package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of the daemons of namespaces: when they start, what ends them, and what goes on without them. */
class NamespaceDaemonIT {

    private static final Duration CALL = Duration.ofSeconds(120);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final Daemon daemon = new Daemon(Namespaces.roles().toArray(String[]::new));

    private static final Namespaces teams = new Namespaces(daemon);

    @BeforeAll
    static void countCalls() throws Exception {
        daemon.option("--metrics-addr", "unix://" + metrics());
        daemon.restart();
    }

    private static Path metrics() {
        return daemon.home().resolve("metrics.sock");
    }

    @BeforeEach
    void openSocket() throws IOException {
        teams.openSocket();
    }

    @AfterEach
    void removeContainers() {
        teams.removeContainers();
    }

    @Test
    void metricsOfANamespaceSayItsName() throws Exception {
        teams.as(Namespaces.RED, "ps").ok();

        String text;
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(metrics()))) {
            client.write(ByteBuffer.wrap("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            text = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(text)
                .containsPattern("(?m)^wherry_images [0-9]")
                .containsPattern("(?m)^wherry_images\\{namespace=\"red\"} [0-9]")
                .containsPattern("wherry_calls_total\\{[^}]*method=\"[^\"]*List\"[^}]*namespace=\"red\"");
        assertThat(text.split("# TYPE wherry_images ")).hasSize(2);
    }

    @Test
    void daemonOfANamespaceThatIsKilledIsStartedAgain() throws Exception {
        teams.as(Namespaces.RED, "import", Busybox.tar(daemon.home()).toString(), "busybox")
                .ok();
        teams.as(Namespaces.RED, "run", "-d", "--name", "survivor", "busybox", "sleep", "1000")
                .ok();
        Running watching = new Running(
                List.of("events"), teams.start(Namespaces.RED, daemon.socket(), "events", "--since", "10m"));
        teams.as(Namespaces.RED, "volume", "create", "seen").ok();
        watching.awaitStdout("seen");

        long killed = teams.daemonOf("red").pid();
        teams.daemonOf("red").destroyForcibly();

        assertThat(watching.end().stderr()).contains("wherryd");
        assertThat(teams.as(Namespaces.RED, "exec", "survivor", "echo", "alive")
                        .ok()
                        .line())
                .isEqualTo("alive");
        assertThat(teams.daemonOf("red").pid()).isNotEqualTo(killed);
        teams.as(Namespaces.BLUE, "ps").ok();
        teams.as(Namespaces.RED, "rm", "-f", "survivor").ok();
        teams.as(Namespaces.RED, "volume", "rm", "seen").ok();
    }

    @Test
    void noDaemonOfANamespaceOutlivesTheFirstAndContainersDo() throws Exception {
        teams.as(Namespaces.RED, "import", Busybox.tar(daemon.home()).toString(), "busybox")
                .ok();
        teams.as(Namespaces.RED, "run", "-d", "--name", "survivor", "--restart", "always", "busybox", "sleep", "1000")
                .ok();
        teams.as(Namespaces.BLUE, "volume", "ls").ok();
        long pid = Long.parseLong(teams.as(Namespaces.RED, "inspect", "-f", "{{.State.Pid}}", "survivor")
                .ok()
                .line());
        List<ProcessHandle> both = List.of(teams.daemonOf("red"), teams.daemonOf("blue"));

        daemon.kill();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(both).noneMatch(ProcessHandle::isAlive));
        assertThat(ProcessHandle.of(pid)).isPresent();
        daemon.start();
        openSocket();
        // Nobody calls, and its containers are looked after all the same.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(teams.socket("red")).exists());
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(teams.asRoot("red", "inspect", "-f", "{{.State.Pid}}", "survivor")
                                .ok()
                                .line())
                        .isNotEqualTo(Long.toString(pid))
                        .isNotEqualTo("0"));
        teams.as(Namespaces.RED, "rm", "-f", "survivor").ok();
    }

    @Test
    void allEndTogetherAndOnlyThoseThatAreNeededStartAgain() throws Exception {
        teams.as(Namespaces.RED, "import", Busybox.tar(daemon.home()).toString(), "busybox")
                .ok();
        teams.as(Namespaces.RED, "run", "-d", "--name", "kept", "busybox", "sleep", "1000")
                .ok();
        teams.as(Namespaces.BLUE, "ps").ok();
        List<ProcessHandle> both = List.of(teams.daemonOf("red"), teams.daemonOf("blue"));

        daemon.stop();

        assertThat(both).noneMatch(ProcessHandle::isAlive);
        daemon.start();
        openSocket();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(teams.socket("red")).exists());
        assertThat(daemon.log()).doesNotContain("--namespace");
        assertThat(teams.socket("blue")).doesNotExist();
        teams.as(Namespaces.RED, "exec", "kept", "true").ok();
        teams.as(Namespaces.RED, "rm", "-f", "kept").ok();
    }

    @Test
    void firstConnectionsAtOnceStartOneDaemon() throws Exception {
        List<Process> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(teams.start(Namespaces.BLUE, daemon.socket(), "ps"));
        }
        for (Process client : clients) {
            Outcome.of(List.of("ps"), client, CALL).ok();
        }
        assertThat(teams.daemonOf("blue")).matches(ProcessHandle::isAlive);
    }
}
