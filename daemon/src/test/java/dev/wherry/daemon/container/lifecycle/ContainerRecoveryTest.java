package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.Supervisors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new daemon makes of the containers of the last one. */
class ContainerRecoveryTest {

    private BusyboxHost host;

    @BeforeEach
    void open() throws IOException {
        host = new BusyboxHost();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    private Container start(String... args) throws InterruptedException {
        Container container = host.lifecycle.create("", config(args));
        host.lifecycle.start(container.id());
        return host.containers.get(container.id());
    }

    private void assertNothingRuns() throws IOException {
        assertThat(Supervisors.find(List.of("--exit-dir", host.layout.exits().toString())))
                .isEmpty();
        assertThat(Mounts.list()).noneMatch(mount -> mount.target().startsWith(host.layout.runningContainers()));
        for (Path folder :
                List.of(host.layout.runningContainers(), host.layout.exits(), ContainerLayout.state(host.layout))) {
            try (var entries = Files.list(folder)) {
                assertThat(entries).isEmpty();
            }
        }
    }

    private ContainerLayout files(Container container) {
        return ContainerLayout.of(host.layout, container.id());
    }

    @Test
    void containerGoesOnWithoutItsDaemonAndIsFoundAgain() throws Exception {
        Container container = start("sh", "-c", "trap 'exit 6' TERM; echo ready; while :; do sleep 0.05; done");
        host.restart();
        Container found = host.containers.get(container.id());
        assertThat(found.state()).isEqualTo(State.RUNNING);
        assertThat(found.pid()).isEqualTo(container.pid());
        host.lifecycle.stop(container.id(), Optional.empty(), "");
        assertThat(host.containers.get(container.id()).exitCode()).isEqualTo(6);
    }

    @Test
    void exitWithoutADaemonIsLearnedOfLater() throws Exception {
        Container container = start("sh", "-c", "sleep 0.3; echo late; exit 8");
        host.stopWatching();
        await().until(() -> Files.exists(files(container).exitFile()));
        assertThat(host.containers.get(container.id()).state()).isEqualTo(State.RUNNING);
        host.restart();
        Container found = host.containers.get(container.id());
        assertThat(found.state()).isEqualTo(State.EXITED);
        assertThat(found.exitCode()).isEqualTo(8);
        Output output = new Output();
        host.logs.read(
                container.id(),
                new LogRequest(false, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty()),
                output);
        assertThat(output.out()).isEqualTo("late\n");
        await().untilAsserted(this::assertNothingRuns);
    }

    @Test
    void containerOfAnEarlierBootIsLost() throws Exception {
        Container container = start("sleep", "60");
        host.stopWatching();
        host.stores.execute("UPDATE container SET boot_id = 'another'");
        host.restart();
        Container found = host.containers.get(container.id());
        assertThat(found.state()).isEqualTo(State.EXITED);
        assertThat(found.exitCode()).isEqualTo(255);
        assertThat(found.error()).contains("restarted");
        await().untilAsserted(this::assertNothingRuns);
    }

    @Test
    void containerWhoseSupervisorWasKilledIsKilledToo() throws Exception {
        Container container = start("sleep", "60");
        Map<Integer, List<String>> conmon =
                Supervisors.find(List.of("--exit-dir", host.layout.exits().toString()));
        for (int pid : conmon.keySet()) {
            Processes.kill(pid, Processes.SIGKILL);
        }
        assertThat(host.lifecycle
                        .await(container.id(), WaitCondition.NOT_RUNNING)
                        .code()
                        .value())
                .isEqualTo(137);
        await().untilAsserted(
                        () -> assertThat(Processes.startTime(container.pid())).isEmpty());
        await().untilAsserted(this::assertNothingRuns);
    }

    @Test
    void startThatWasCutOffIsUndone() throws Exception {
        Container container = start("sleep", "60");
        host.stopWatching();
        host.stores.execute("UPDATE container SET state = 'created', pid = 0");
        host.restart();
        assertThat(host.containers.get(container.id()).state()).isEqualTo(State.CREATED);
        assertNothingRuns();
        host.lifecycle.start(container.id());
        assertThat(host.containers.get(container.id()).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void whatNoRowOwnsIsRemoved() throws Exception {
        Container container = start("sleep", "60");
        host.stopWatching();
        host.stores.execute("DELETE FROM container");
        host.restart();
        assertNothingRuns();
        assertThat(files(container).kept()).doesNotExist();
        await().untilAsserted(
                        () -> assertThat(Processes.startTime(container.pid())).isEmpty());
    }
}
