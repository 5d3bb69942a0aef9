package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon as a service: its configuration file, its signals, and what it and systemd say to each other. */
class ServiceIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SHUTTING_DOWN = "wherry: wherryd is shutting down";

    /** Prints each datagram that arrives at a unix socket as a Python literal. */
    private static final String RECEIVE = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind('\\0' + sys.argv[1][1:])
            print('bound', flush=True)
            while True: print(repr(s.recv(4096).decode()), flush=True)
            """;

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static Path config;

    @BeforeAll
    static void start() throws Exception {
        Busybox.importInto(daemon);
        config = Files.writeString(daemon.home().resolve("wherryd.yaml"), "log-level: info\n");
        daemon.option("--config", config.toString());
        daemon.restart();
    }

    @Test
    void validateNamesEveryMistakeWithItsPlace() throws Exception {
        Path file = Files.writeString(
                daemon.home().resolve("broken.yaml"), "root: /srv/wherry\nregistri: docker.io\nlog-level: loud\n");

        Outcome broken = wherryd("--validate", "--config", file.toString());

        assertThat(broken.exits(1).stderr())
                .isEqualTo("wherryd: " + file + ":2: unknown key \"registri\" (did you mean registry?)\n" + "wherryd: "
                        + file + ":3: log-level: \"loud\" is not one of error, warn, info, debug, trace\n");
        assertThat(broken.stdout()).isEmpty();
        assertThat(wherryd("--config", file.toString()).exits(1).stderr()).isEqualTo(broken.stderr());
        Files.writeString(file, "log-level: warn\n");
        assertThat(wherryd("--validate", "--config", file.toString()).ok().stdout())
                .isEqualTo(file + " is valid\n");
        assertThat(wherryd("--validate", "--config", "/nowhere.yaml").exits(1).stderr())
                .isEqualTo("wherryd: there is no configuration file /nowhere.yaml\n");
    }

    @Test
    void hangupAppliesWhatCanChangeAndSaysWhatNeedsARestart() throws Exception {
        Files.writeString(config, "log-level: debug\nregistry: registry.example.org:5000\nruntime: other\n");
        daemon.signal("HUP");

        awaitLog("wherryd: reloaded " + config
                + ": registry is now registry.example.org:5000, log-level is now debug; restart wherryd for runtime");
        assertThat(daemon.wherry("info", "-f", "{{.DefaultRegistry}}").ok().line())
                .isEqualTo("registry.example.org:5000");

        Files.writeString(config, "log-level: loud\n");
        daemon.signal("HUP");
        awaitLog("wherryd: " + config + ":1: log-level: \"loud\" is not one of");
        assertThat(daemon.wherry("info", "-f", "{{.DefaultRegistry}}").ok().line())
                .isEqualTo("registry.example.org:5000");

        Files.writeString(config, "log-level: info\n");
        daemon.signal("HUP");
        awaitLog("registry is now docker.io, log-level is now info\n");
    }

    @Test
    void buildFinishesInTheGraceWhileNewCallsAreRefusedAndContainersGoOn() throws Exception {
        String container =
                daemon.wherry("run", "-d", "busybox", "sleep", "1000").ok().line();
        Process logs = daemon.spawn(daemon.home(), "logs", "-f", container);
        Process waiting = daemon.spawn(daemon.home(), "wait", container);
        Process build = startBuild("sleep 4");

        daemon.signal("TERM");

        assertThat(outcome(waiting).refuses(1)).isEqualTo(SHUTTING_DOWN);
        assertThat(outcome(logs).refuses(1)).isEqualTo(SHUTTING_DOWN);
        assertThat(build.isAlive()).isTrue();
        assertThat(daemon.wherry("ps").refuses(1)).isEqualTo(SHUTTING_DOWN);
        outcome(build).ok();
        daemon.awaitEnd();
        daemon.start();
        assertThat(daemon.wherry("inspect", "-f", "{{.State.Status}}", container)
                        .ok()
                        .line())
                .isEqualTo("running");
        daemon.wherry("rm", "-f", container).ok();
    }

    @Test
    void buildIsCancelledAfterTheGrace() throws Exception {
        Files.writeString(config, "shutdown-grace: 1s\n");
        daemon.restart();
        Process build = startBuild("sleep 60");

        daemon.signal("TERM");

        endsWithTheDaemon(build);
    }

    @Test
    void secondSignalEndsTheGrace() throws Exception {
        Files.writeString(config, "shutdown-grace: 10m\n");
        daemon.restart();
        Process build = startBuild("sleep 60");

        daemon.signal("TERM");
        awaitLog("1 call has 600 s to finish");
        assertThat(build.isAlive()).isTrue();
        daemon.signal("TERM");

        endsWithTheDaemon(build);
    }

    private void endsWithTheDaemon(Process build) throws Exception {
        assertThat(outcome(build).refuses(1)).endsWith("wherryd is shutting down");
        daemon.awaitEnd();
        Files.writeString(config, "log-level: info\n");
        daemon.start();
    }

    @Test
    void systemdIsToldOfReadinessReloadAndEnd() throws Exception {
        String address = "@wherry-it-" + ProcessHandle.current().pid();
        Path told = daemon.home().resolve("told");
        Process receiver = new ProcessBuilder("python3", "-c", RECEIVE, address)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(told.toFile())
                .start();
        try {
            await().atMost(LIMIT).until(() -> Files.readString(told).startsWith("bound"));
            daemon.variable("NOTIFY_SOCKET", address);
            daemon.restart();
            await().atMost(LIMIT).until(() -> Files.readAllLines(told).size() == 2);
            daemon.signal("HUP");
            await().atMost(LIMIT).until(() -> Files.readAllLines(told).size() == 4);
            daemon.stop();
            await().atMost(LIMIT).until(() -> Files.readAllLines(told).size() == 5);
        } finally {
            receiver.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(told);
        assertThat(lines.get(1)).isEqualTo("'READY=1'");
        assertThat(lines.get(2)).matches("'RELOADING=1\\\\nMONOTONIC_USEC=[0-9]+'");
        assertThat(lines.get(3)).isEqualTo("'READY=1'");
        assertThat(lines.get(4)).matches("'STOPPING=1\\\\nEXTEND_TIMEOUT_USEC=[0-9]+'");
        daemon.variable("NOTIFY_SOCKET", "");
        daemon.start();
    }

    @Test
    void journalGetsPrioritiesAndNoTimes() throws Exception {
        Path log = daemon.home().resolve("log");
        String stream = Files.getAttribute(log, "unix:dev") + ":" + Files.getAttribute(log, "unix:ino");
        daemon.variable("JOURNAL_STREAM", stream);
        daemon.restart();
        awaitLog("<6>wherryd: listening on unix://");
        Files.writeString(config, "nonsense\n");
        daemon.signal("HUP");
        awaitLog("<3>wherryd: " + config + ":1: ");
        daemon.variable("JOURNAL_STREAM", "1:1");
        Files.writeString(config, "log-level: info\n");
        daemon.restart();
    }

    @Test
    void socketsOfTheServiceManagerAreServedAndLeftAlone() throws Exception {
        Path home = Files.createDirectory(daemon.home().resolve("activated"));
        Path socket = home.resolve("manager.sock");
        Path docker = home.resolve("docker.sock");
        Process service = activate(home, List.of(socket, docker));
        try {
            await().atMost(LIMIT).until(() -> Files.exists(docker));
            Object inode = Files.getAttribute(docker, "unix:ino");

            assertThat(wherry(socket, "version").ok().stdout()).contains("Server:");
            assertThat(wherry(socket, "images", "-q").ok().stdout()).isEmpty();
            try (DockerSocket client = DockerSocket.to(docker)) {
                client.send("GET", "/_ping", new byte[0], "");
                assertThat(client.answer("GET").is(200).text()).isEqualTo("OK");
            }

            assertThat(Files.readString(home.resolve("log"))).contains("wherryd: listening on unix://" + socket);
            assertThat(home.resolve("run/wherryd.sock")).doesNotExist();
            assertThat(home.resolve("run/docker.sock")).doesNotExist();
            service.destroy();
            assertThat(service.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.getAttribute(docker, "unix:ino")).isEqualTo(inode);
            assertThat(socket).exists();
            assertThat(Files.readString(home.resolve("log"))).doesNotContain("Exception");
        } finally {
            service.destroyForcibly();
        }
    }

    @Test
    void socketOfTheServiceManagerThatIsNotServedLeavesNobodyWaiting() throws Exception {
        Path home = Files.createDirectory(daemon.home().resolve("unserved"));
        Path socket = home.resolve("manager.sock");
        Path docker = home.resolve("docker.sock");
        Process service = activate(home, List.of(socket, docker), "--docker-socket", "none");
        try {
            await().atMost(LIMIT).until(() -> Files.exists(docker));
            assertThat(wherry(socket, "version").ok().stdout()).contains("Server:");

            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(docker))) {
                assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        } finally {
            service.destroy();
            assertThat(service.waitFor(15, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A daemon that gets sockets as systemd hands them over: all as descriptors, the first as standard input too. */
    private static Process activate(Path home, List<Path> sockets, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("systemd-socket-activate"));
        sockets.forEach(socket -> command.addAll(List.of("-l", socket.toString())));
        command.addAll(List.of("sh", "-c", "exec \"$0\" \"$@\" <&3"));
        command.addAll(Host.program(
                "wherry.daemon",
                "--root",
                home.resolve("root").toString(),
                "--run-root",
                home.resolve("run").toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
    }

    /** Starts a build of one slow step, and returns when the step runs. */
    private static Process startBuild(String script) throws Exception {
        String line = "echo started; " + script + "; echo ended";
        Project project = Project.of(daemon, "FROM busybox\nRUN " + line + "\n");
        Process build = daemon.spawn(project.folder(), "build", "--no-cache", "--progress", "plain", ".");
        await().atMost(LIMIT)
                .until(() -> ProcessHandle.allProcesses()
                        .anyMatch(process -> Host.commandLine(process.pid()).contains(line)));
        return build;
    }

    private static Outcome outcome(Process client) {
        return Outcome.of(List.of("wherry"), client, LIMIT);
    }

    private static void awaitLog(String line) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(daemon.log()).contains(line));
    }

    private static Outcome wherry(Path socket, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("wherry.cli")));
        command.addAll(List.of(arguments));
        ProcessBuilder client = new ProcessBuilder(command);
        client.environment().put("WHERRY_HOST", "unix://" + socket);
        return Outcome.of(command, client.start(), LIMIT);
    }

    private static Outcome wherryd(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("wherry.daemon")));
        command.addAll(List.of(arguments));
        return Outcome.of(command, new ProcessBuilder(command).start(), LIMIT);
    }
}
