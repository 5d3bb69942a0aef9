package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.config.RestartPolicy.Name;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which containers are started again, when, and by whom they are let be. */
class RestartPolicyTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private BusyboxHost host;

    @BeforeEach
    void open() throws Exception {
        host = new BusyboxHost();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    private Container start(Name name, int retries, String... args) throws InterruptedException {
        Container container =
                host.lifecycle.create("", config(args).with(Resources.DEFAULT, new RestartPolicy(name, retries)));
        host.lifecycle.start(container.id());
        return host.containers.get(container.id());
    }

    private Container now(Container container) {
        return host.containers.get(container.id());
    }

    private void awaitState(Container container, State state) {
        await().atMost(SOON).until(() -> now(container).state() == state);
    }

    private void awaitRestarts(Container container, int count) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        now(container).restarts() >= count && now(container).state() == State.RUNNING);
    }

    @Test
    void delayDoublesFromATenthOfASecondToAMinuteAndBeginsAnewAfterTenSeconds() {
        Container container =
                host.lifecycle.create("", config("true").with(Resources.DEFAULT, new RestartPolicy(Name.ALWAYS, 0)));
        Instant start = Instant.now();
        Container ran = container.with(container.status().running(1, 1, "", start, Optional.empty()));
        LiveContainer live = new LiveContainer();
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            delays.add(RestartRules.delay(ran, live, Exit.of(0), start.plusSeconds(1))
                    .orElseThrow()
                    .toMillis());
        }
        assertThat(delays)
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 51200L, 60000L, 60000L);
        assertThat(RestartRules.delay(ran, live, Exit.of(0), start.plusSeconds(10)))
                .hasValue(Duration.ofMillis(100));
    }

    @Test
    void alwaysIsStartedAgainWhateverItsExitCodeUntilItIsStopped() throws Exception {
        Container container = start(Name.ALWAYS, 0, "sh", "-c", "sleep 0.1");
        awaitRestarts(container, 2);
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        assertThat(now(container).state()).isEqualTo(State.EXITED);
        // A restart that was still due would come before those of another container.
        Container other = start(Name.ALWAYS, 0, "sh", "-c", "sleep 0.1");
        awaitRestarts(other, 3);
        assertThat(now(container).state()).isEqualTo(State.EXITED);
        host.lifecycle.remove(other.id(), true, false);
        host.lifecycle.start(container.id());
        assertThat(now(container).restarts()).isZero();
    }

    @Test
    void containerThatWaitsForItsRestartCanBeStoppedAndRemoved() throws Exception {
        Container container = start(Name.ALWAYS, 0, "true");
        await().atMost(SOON).until(() -> now(container).restarts() >= 3);
        awaitState(container, State.RESTARTING);
        host.lifecycle.stop(container.id(), Optional.empty(), "");
        assertThat(now(container).state()).isEqualTo(State.EXITED);
        host.lifecycle.start(container.id());
        await().atMost(SOON).until(() -> now(container).restarts() >= 3);
        host.lifecycle.remove(container.id(), true, false);
        assertThat(host.containers.list(true)).isEmpty();
    }

    @Test
    void onFailureGivesUpAfterItsRetriesAndLeavesSuccessAlone() throws Exception {
        Container failing = start(Name.ON_FAILURE, 2, "sh", "-c", "exit 9");
        Container done = start(Name.ON_FAILURE, 2, "true");
        awaitState(failing, State.EXITED);
        assertThat(now(failing).restarts()).isEqualTo(2);
        assertThat(now(failing).exitCode()).isEqualTo(9);
        assertThat(now(done).restarts()).isZero();
    }

    @Test
    void whoIsKilledByTheHostIsStartedAgainButNotWhoIsKilledByHand() throws Exception {
        Container container = start(Name.UNLESS_STOPPED, 0, "sleep", "60");
        Processes.kill(container.pid(), Processes.SIGKILL);
        awaitRestarts(container, 1);
        host.lifecycle.kill(container.id(), "");
        awaitState(container, State.EXITED);
    }

    @Test
    void newDaemonStartsAlwaysAndWhatNobodyStopped() throws Exception {
        Container always = start(Name.ALWAYS, 0, "sleep", "60");
        Container stopped = start(Name.UNLESS_STOPPED, 0, "sleep", "60");
        Container cut = start(Name.UNLESS_STOPPED, 0, "sleep", "60");
        Container no = start(Name.NO, 0, "sleep", "60");
        for (Container container : List.of(always, stopped, no)) {
            host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        }
        host.stopWatching();
        Processes.kill(cut.pid(), Processes.SIGKILL);
        host.restart();
        awaitState(always, State.RUNNING);
        awaitState(cut, State.RUNNING);
        assertThat(now(stopped).state()).isEqualTo(State.EXITED);
        assertThat(now(no).state()).isEqualTo(State.EXITED);
    }

    @Test
    void containersOfAnEarlierBootAreStartedByTheirPolicy() throws Exception {
        Container always = start(Name.ALWAYS, 0, "sleep", "60");
        Container no = start(Name.NO, 0, "sleep", "60");
        host.stopWatching();
        host.stores.execute("UPDATE container SET boot_id = 'another'");
        host.restart();
        awaitRestarts(always, 1);
        assertThat(now(always).pid()).isNotEqualTo(always.pid());
        assertThat(now(no).state()).isEqualTo(State.EXITED);
    }

    @Test
    void newDaemonGoesOnWithAWaitForARestart() throws Exception {
        Container container = start(Name.ALWAYS, 0, "sleep", "60");
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        host.stopWatching();
        host.stores.execute("UPDATE container SET state = 'restarting'");
        host.restart();
        awaitState(container, State.RUNNING);
    }

    @Test
    void newDaemonForgetsThatAContainerWasStoppedWhenItStartsIt() throws Exception {
        Container container = start(Name.ALWAYS, 0, "sleep", "60");
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        host.restart();
        awaitState(container, State.RUNNING);
        Processes.kill(now(container).pid(), Processes.SIGKILL);
        awaitRestarts(container, 1);
    }

    @Test
    void startOfANewDaemonThatFailsIsTriedAgainUntilItSucceeds() throws Exception {
        Container always = start(Name.ALWAYS, 0, "sleep", "60");
        Container stopped = start(Name.UNLESS_STOPPED, 0, "sleep", "60");
        host.lifecycle.stop(always.id(), Optional.of(Duration.ZERO), "");
        host.lifecycle.stop(stopped.id(), Optional.of(Duration.ZERO), "");
        Path mended = host.folder.resolve("mended");

        host.restart(runtimeThatFailsBefore(mended));

        await().atMost(SOON).until(() -> now(always).restarts() >= 2);
        assertThat(now(always).state()).isEqualTo(State.RESTARTING);
        assertThat(now(always).exitCode()).isEqualTo(125);
        assertThat(now(always).error()).contains("not yet");
        Files.createFile(mended);
        awaitState(always, State.RUNNING);
        assertThat(now(always).error()).isEmpty();
        assertThat(now(stopped).state()).isEqualTo(State.EXITED);
    }

    @Test
    void containerWhoseStartIsTriedAgainCanBeStopped() throws Exception {
        Container container = start(Name.ALWAYS, 0, "sleep", "60");
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        Path mended = host.folder.resolve("mended");
        host.restart(runtimeThatFailsBefore(mended));
        await().atMost(SOON).until(() -> now(container).restarts() >= 1);

        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");

        assertThat(now(container).state()).isEqualTo(State.EXITED);
        Files.createFile(mended);
        // A restart that was still due would come before those of another container.
        Container other = start(Name.ALWAYS, 0, "sh", "-c", "sleep 0.1");
        awaitRestarts(other, 3);
        assertThat(now(container).state()).isEqualTo(State.EXITED);
    }

    @Test
    void startsThatFailCountAsRetriesOfOnFailure() throws Exception {
        Container container = start(Name.ON_FAILURE, 2, "sleep", "60");
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        host.stopWatching();
        host.stores.execute("UPDATE container SET state = 'restarting'");

        host.restart(runtimeThatFailsBefore(host.folder.resolve("never")));

        awaitState(container, State.EXITED);
        assertThat(now(container).restarts()).isEqualTo(2);
        assertThat(now(container).error()).contains("not yet");
    }

    @Test
    void programThatIsNotThereIsNotTriedAgain() throws Exception {
        Container container =
                host.lifecycle.create("", config("absent").with(Resources.DEFAULT, new RestartPolicy(Name.ALWAYS, 0)));
        host.stopWatching();
        host.stores.execute("UPDATE container SET state = 'restarting'");

        host.restart();

        awaitState(container, State.EXITED);
        assertThat(now(container).exitCode()).isEqualTo(127);
        assertThat(now(container).restarts()).isZero();
    }

    private OciRuntime runtimeThatFailsBefore(Path mended) throws IOException {
        Path program = host.folder.resolve("runtime");
        Files.writeString(program, """
            #!/bin/sh
            if [ -e %s ]; then exec runc "$@"; fi
            echo not yet >&2
            exit 1
            """.formatted(mended));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return BusyboxHost.runtime(program.toString());
    }

    @Test
    void failureToClearTheLastRunAwayDoesNotEndARestartPolicy() throws Exception {
        Container container = start(Name.ON_FAILURE, 0, "sleep", "60");
        ContainerLayout files = ContainerLayout.of(host.layout, container.id());
        // The runtime is asked to remove what it keeps, by a program whose path is none: no error that the daemon
        // knows.
        Files.delete(files.state().resolve(container.id()).resolve("state.json"));
        Files.writeString(files.bundle().resolve("runtime"), "\0");
        Processes.kill(container.pid(), Processes.SIGKILL);
        await().atMost(SOON).until(() -> now(container).error().contains("Nul character"));
        assertThat(now(container).state()).isEqualTo(State.RESTARTING);
        Files.deleteIfExists(files.bundle().resolve("runtime"));
        awaitState(container, State.RUNNING);
    }
}
