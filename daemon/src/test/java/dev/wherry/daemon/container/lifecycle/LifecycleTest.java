package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Containers with the real runc, conmon and overlayfs. */
class LifecycleTest {

    private static final LogRequest ALL =
            new LogRequest(false, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());

    private static BusyboxHost host;
    private static Containers containers;
    private static Lifecycle lifecycle;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
        containers = host.containers;
        lifecycle = host.lifecycle;
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    private static Container run(ContainerConfig config) throws InterruptedException {
        Container container = lifecycle.create("", config);
        lifecycle.start(container.id());
        lifecycle.await(container.id(), WaitCondition.NOT_RUNNING);
        return containers.get(container.id());
    }

    private static Output logs(Container container, LogRequest request) throws InterruptedException {
        Output output = new Output();
        host.logs.read(container.id(), request, output);
        return output;
    }

    private static ContainerConfig with(
            ContainerConfig from, String user, String workingDir, List<String> env, String network) {
        return new ContainerConfig(
                from.image(),
                from.args(),
                from.entrypoint(),
                env,
                workingDir,
                user,
                from.tty(),
                from.stdinOpen(),
                from.stdinOnce(),
                from.autoRemove(),
                network,
                "",
                Map.of(),
                "");
    }

    private static ContainerConfig interactive(boolean tty, boolean autoRemove, String... args) {
        return new ContainerConfig(
                "busybox",
                List.of(args),
                List.of(),
                List.of(),
                "",
                "",
                tty,
                true,
                true,
                autoRemove,
                "host",
                "",
                Map.of(),
                "");
    }

    @Test
    void exitCodeIsThatOfTheProgram() throws Exception {
        Container container = run(config("sh", "-c", "exit 42"));
        assertThat(container.state()).isEqualTo(State.EXITED);
        assertThat(container.exitCode()).isEqualTo(42);
        assertThat(container.finishedAt()).isPresent();
    }

    @Test
    void logsKeepStandardOutputAndErrorApart() throws Exception {
        Container container = run(config("sh", "-c", "echo out; echo err >&2"));
        Output output = logs(container, ALL);
        assertThat(output.out()).isEqualTo("out\n");
        assertThat(output.err()).isEqualTo("err\n");
    }

    @Test
    void attachedBeforeTheStartMissesNothing() throws Exception {
        Container container = lifecycle.create("", config("sh", "-c", "echo first; echo second >&2"));
        Output output = new Output();
        try (AttachedRun attachment = lifecycle.attach(container.id(), false)) {
            lifecycle.start(container.id());
            attachment.streams().copyTo(output);
        }
        assertThat(output.out()).isEqualTo("first\n");
        assertThat(output.err()).isEqualTo("second\n");
    }

    @Test
    void standardInputReachesTheProgramAndEnds() throws Exception {
        Container container = lifecycle.create("", interactive(false, false, "cat"));
        byte[] large = "0123456789abcdef".repeat(20_000).getBytes();
        Output output = new Output();
        try (AttachedRun attachment = lifecycle.attach(container.id(), true)) {
            lifecycle.start(container.id());
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    attachment.streams().write(large);
                    attachment.streams().closeInput();
                } catch (InterruptedException cancelled) {
                    Thread.currentThread().interrupt();
                }
            });
            attachment.streams().copyTo(output);
            writer.join();
        }
        assertThat(output.out()).isEqualTo(new String(large));
        assertThat(lifecycle
                        .await(container.id(), WaitCondition.NOT_RUNNING)
                        .code()
                        .value())
                .isZero();
    }

    @Test
    void terminalHasTheSizeOfTheWindow() throws Exception {
        Container container = lifecycle.create(
                "",
                interactive(
                        true,
                        false,
                        "sh",
                        "-c",
                        "until [ \"$(stty size)\" = \"31 97\" ]; do sleep 0.02; done; stty size"));
        Output output = new Output();
        try (AttachedRun attachment = lifecycle.attach(container.id(), true)) {
            lifecycle.start(container.id());
            lifecycle.resize(container.id(), 97, 31);
            attachment.streams().copyTo(output);
        }
        assertThat(output.out()).contains("31 97\r\n");
    }

    @Test
    void stopAsksFirst() throws Exception {
        Container container = lifecycle.create(
                "", config("sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"));
        lifecycle.start(container.id());
        await().until(() -> logs(container, ALL).out().contains("ready"));
        lifecycle.stop(container.id(), Optional.empty(), "");
        assertThat(containers.get(container.id()).exitCode()).isEqualTo(7);
    }

    @Test
    void stopKillsWhatDoesNotListen() throws Exception {
        Container container =
                lifecycle.create("", config("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        lifecycle.start(container.id());
        await().until(() -> logs(container, ALL).out().contains("ready"));
        lifecycle.stop(container.id(), Optional.of(Duration.ofMillis(300)), "");
        assertThat(containers.get(container.id()).exitCode()).isEqualTo(137);
    }

    @Test
    void killSendsTheNamedSignal() throws Exception {
        Container container = lifecycle.create(
                "", config("sh", "-c", "trap 'exit 9' USR1; echo ready; while :; do sleep 0.05; done"));
        lifecycle.start(container.id());
        await().until(() -> logs(container, ALL).out().contains("ready"));
        lifecycle.kill(container.id(), "usr1");
        assertThat(lifecycle
                        .await(container.id(), WaitCondition.NOT_RUNNING)
                        .code()
                        .value())
                .isEqualTo(9);
        assertThatThrownBy(() -> lifecycle.kill(container.id(), "")).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> lifecycle.kill(container.id(), "SIGNOPE")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void nameInUseIsRefused() {
        Container container = lifecycle.create("taken", config("true"));
        assertThatThrownBy(() -> lifecycle.create("taken", config("true")))
                .isInstanceOf(ConflictException.class)
                .hasMessage("the container name \"taken\" is already in use by container " + container.shortId()
                        + ": remove or rename that container, or choose another name");
        assertThatThrownBy(() -> lifecycle.create("not/allowed", config("true")))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void uniquePrefixOfTheIdNamesAContainer() {
        Container container = lifecycle.create("by-prefix", config("true"));
        assertThat(containers.get(container.shortId()).name()).isEqualTo("by-prefix");
        assertThat(containers.get("by-prefix").id()).isEqualTo(container.id());
        assertThatThrownBy(() -> containers.get("absent")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void missingProgramIs127AndOneThatCannotBeExecuted126() {
        Container missing = lifecycle.create("", config("nope"));
        assertThatThrownBy(() -> lifecycle.start(missing.id()))
                .isInstanceOfSatisfying(StartException.class, failure -> {
                    assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
                    assertThat(failure).hasMessage("exec: \"nope\": executable file not found in $PATH");
                });
        assertThat(containers.get(missing.id()).state()).isEqualTo(State.CREATED);
        assertThat(containers.get(missing.id()).exitCode()).isEqualTo(127);
        for (String program : List.of("/plain", "/etc")) {
            Container container = lifecycle.create("", config(program));
            assertThatThrownBy(() -> lifecycle.start(container.id()))
                    .isInstanceOfSatisfying(
                            StartException.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_EXECUTABLE));
        }
    }

    @Test
    void userWorkingDirectoryAndEnvironmentAreAsAsked() throws Exception {
        ContainerConfig config = with(
                config("sh", "-c", "id; pwd; echo $GREETING $HOME"),
                "ada",
                "/made/here",
                List.of("GREETING=hello"),
                "none");
        assertThat(logs(run(config), ALL).out())
                .contains("uid=1000(ada) gid=1001(ada) groups=10(wheel),1001(ada)")
                .contains("/made/here\n")
                .contains("hello /home/ada\n");
    }

    @Test
    void unknownUserIsRefused() {
        Container container = lifecycle.create("", with(config("true"), "bob", "", List.of(), "none"));
        assertThatThrownBy(() -> lifecycle.start(container.id()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("unable to find user \"bob\"");
    }

    @Test
    void networkNoneHasOnlyALoopbackThatIsUp() throws Exception {
        assertThat(logs(run(config("ip", "-o", "addr")), ALL).out().lines())
                .isNotEmpty()
                .allMatch(line -> line.contains(" lo "))
                .anyMatch(line -> line.contains("127.0.0.1"));
        Container host = run(with(config("readlink", "/proc/self/ns/net"), "", "", List.of(), "host"));
        assertThat(logs(host, ALL).out().strip())
                .isEqualTo(Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/net"))
                        .toString());
    }

    @Test
    void followedLogsEndWithTheContainer() throws Exception {
        Container container = lifecycle.create("", config("sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.1; done"));
        lifecycle.start(container.id());
        LogRequest follow = new LogRequest(true, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());
        assertThat(logs(container, follow).out()).isEqualTo("1\n2\n3\n");
    }

    @Test
    void tailGivesTheLastLines() throws Exception {
        Container container = run(config("sh", "-c", "for i in 1 2 3 4; do echo $i; done"));
        LogRequest tail = new LogRequest(false, OptionalInt.of(2), false, false, Optional.empty(), Optional.empty());
        assertThat(logs(container, tail).out()).isEqualTo("3\n4\n");
    }

    @Test
    void runningContainerIsRemovedByForceOnly() throws Exception {
        Container container = lifecycle.create("", config("sleep", "60"));
        lifecycle.start(container.id());
        assertThatThrownBy(() -> lifecycle.remove(container.id(), false, false)).isInstanceOf(ConflictException.class);
        lifecycle.remove(container.id(), true, false);
        assertThatThrownBy(() -> containers.get(container.id())).isInstanceOf(NotFoundException.class);
        await().untilAsserted(() -> {
            assertThat(host.layout.containers().resolve(container.id())).doesNotExist();
            assertThat(host.layout.runningContainers().resolve(container.id())).doesNotExist();
        });
    }

    @Test
    void containerThatRemovesItselfGivesItsExitCodeToWhoWaits() throws Exception {
        Container container = lifecycle.create("", interactive(false, true, "sh", "-c", "exit 3"));
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                exit.complete(lifecycle.await(container.id(), WaitCondition.REMOVED));
            } catch (InterruptedException cancelled) {
                exit.completeExceptionally(cancelled);
            }
        });
        lifecycle.start(container.id());
        assertThat(exit.get().code().value()).isEqualTo(3);
        assertThat(containers.list(true)).extracting(Container::id).doesNotContain(container.id());
        // Also a moment later, to clients that wait after the start.
        assertThat(lifecycle
                        .await(container.id(), WaitCondition.NOT_RUNNING)
                        .code()
                        .value())
                .isEqualTo(3);
    }

    @Test
    void stoppedContainerKeepsItsFilesAndStartsAgain() throws Exception {
        Container container = run(config("sh", "-c", "echo x >> /kept; cat /kept"));
        lifecycle.start(container.id());
        lifecycle.await(container.id(), WaitCondition.NOT_RUNNING);
        assertThat(logs(container, ALL).out()).isEqualTo("x\nx\nx\n");
    }

    @Test
    void inspectSpeaksDockersNames() throws Exception {
        Container container = run(config("sh", "-c", "exit 5"));
        JsonNode json = new ObjectMapper()
                .readTree(host.inspection.of(containers.get(container.id()), Optional.empty(), List.of()));
        assertThat(json.at("/State/Status").asText()).isEqualTo("exited");
        assertThat(json.at("/State/ExitCode").asInt()).isEqualTo(5);
        assertThat(json.at("/Name").asText()).isEqualTo("/" + container.name());
        assertThat(json.at("/Path").asText()).isEqualTo("sh");
        assertThat(json.at("/HostConfig/NetworkMode").asText()).isEqualTo("none");
    }
}
