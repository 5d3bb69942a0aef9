package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Freezer;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The states of a container: what leads from one to the other, what is refused, and what is told of it. */
class TransitionsTest {

    private static final String IGNORES_TERM = "trap '' TERM; while :; do sleep 0.1; done";

    private static BusyboxHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    private static Container start(ContainerConfig config) throws InterruptedException {
        Container container = host.lifecycle.create("", config);
        host.lifecycle.start(container.id());
        return host.containers.get(container.id());
    }

    private static Container now(Container container) {
        return host.containers.get(container.id());
    }

    private static void assertGone(Container container) {
        assertThatThrownBy(() -> now(container)).isInstanceOf(NotFoundException.class);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(Processes.startTime(container.pid())).isEmpty());
    }

    @Test
    void pausedContainerIsFrozenUntilItIsUnpaused() throws Exception {
        Container container = start(config("sleep", "60"));
        host.lifecycle.pause(container.id());
        assertThat(now(container).state()).isEqualTo(State.PAUSED);
        assertThat(Freezer.ofProcess(container.pid())).get().matches(Freezer::isFrozen);
        host.lifecycle.unpause(container.id());
        assertThat(now(container).state()).isEqualTo(State.RUNNING);
        assertThat(Freezer.ofProcess(container.pid())).get().matches(freezer -> !freezer.isFrozen());
        host.lifecycle.remove(container.id(), true, false);
        assertGone(container);
    }

    @Test
    void whatAStateDoesNotAllowIsRefusedInDockersWords() throws Exception {
        Container created = host.lifecycle.create("", config("sleep", "60"));
        assertThatThrownBy(() -> host.lifecycle.pause(created.id()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is not running");
        assertThatThrownBy(() -> host.lifecycle.unpause(created.id())).hasMessageContaining("is not paused");
        assertThatThrownBy(() -> host.lifecycle.kill(created.id(), ""))
                .hasMessageStartingWith("Cannot kill container: ")
                .hasMessageEndingWith("is not running");
        host.lifecycle.start(created.id());
        assertThatThrownBy(() -> host.lifecycle.remove(created.id(), false, false))
                .hasMessageStartingWith(
                        "cannot remove container \"" + created.name() + "\": container is running: stop the container");
        host.lifecycle.pause(created.id());
        assertThatThrownBy(() -> host.lifecycle.pause(created.id())).hasMessageEndingWith("is already paused");
        assertThatThrownBy(() -> host.lifecycle.start(created.id()))
                .hasMessage("cannot start a paused container, try unpause instead");
        assertThatThrownBy(() -> host.lifecycle.remove(created.id(), false, false))
                .hasMessageContaining("container is paused: unpause and then stop the container");
        host.lifecycle.remove(created.id(), true, false);
        assertGone(created);
    }

    @Test
    void frozenContainerCanBeStoppedAndRemoved() throws Exception {
        Container stopped = start(config("sh", "-c", "trap 'exit 4' TERM; echo; while :; do sleep 0.1; done"));
        host.lifecycle.pause(stopped.id());
        host.lifecycle.stop(stopped.id(), Optional.of(Duration.ofSeconds(20)), "");
        assertThat(now(stopped).state()).isEqualTo(State.EXITED);
        host.lifecycle.remove(stopped.id(), false, false);
        Container frozen = start(config("sleep", "60"));
        // Behind the daemon's back.
        Freezer.ofProcess(frozen.pid()).orElseThrow().freeze();
        host.lifecycle.remove(frozen.id(), true, false);
        assertGone(frozen);
    }

    @Test
    void programThatIgnoresTheStopSignalIsKilledAfterItsOwnTimeout() throws Exception {
        Container container = start(config("sh", "-c", IGNORES_TERM));
        long begin = System.nanoTime();
        host.lifecycle.stop(container.id(), Optional.of(Duration.ofSeconds(1)), "");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        assertThat(now(container).exitCode()).isEqualTo(137);
        host.lifecycle.remove(container.id(), false, false);
    }

    @Test
    void containerWhoseSupervisorAndProcessDieAtOnceIsRemovedByForce() throws Exception {
        Container container = start(config("sleep", "60"));
        ContainerLayout files = ContainerLayout.of(host.layout, container.id());
        int conmon = Integer.parseInt(
                Files.readString(ConmonSupervision.mark(files).pidFile()).strip());
        Processes.kill(conmon, Processes.SIGKILL);
        host.lifecycle.remove(container.id(), true, false);
        assertGone(container);
    }

    @Test
    void startEndsAlthoughItsRuntimeWasKilledAndLeftWhoHoldsItsStreams() throws Exception {
        Path runtime = host.folder.resolve("killed");
        Files.writeString(runtime, """
                #!/bin/sh
                case "$*" in
                *create*) sleep 7.5 & kill -9 $$ ;;
                *) exec runc "$@" ;;
                esac
                """);
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
        host.restart(BusyboxHost.runtime(runtime.toString()));
        try {
            Container container = host.lifecycle.create("", config("sleep", "60"));
            assertThatThrownBy(() -> host.lifecycle.start(container.id())).isInstanceOf(StartException.class);
            assertThat(now(container).state()).isEqualTo(State.CREATED);
            host.lifecycle.remove(container.id(), true, false);
            assertThat(Supervisors.find(
                            List.of("--exit-dir", host.layout.exits().toString())))
                    .isEmpty();
        } finally {
            host.restart();
        }
    }

    @Test
    void restartedContainerRunsAnew() throws Exception {
        Container container = start(config("sh", "-c", IGNORES_TERM));
        host.lifecycle.restart(container.id(), Optional.of(Duration.ZERO), "");
        Container again = now(container);
        assertThat(again.state()).isEqualTo(State.RUNNING);
        assertThat(again.pid()).isNotEqualTo(container.pid());
        host.lifecycle.remove(container.id(), true, false);
    }

    @Test
    void renamedContainerGivesItsNameFree() throws Exception {
        Container one = host.lifecycle.create("one", config("true"));
        host.lifecycle.create("two", config("true"));
        assertThatThrownBy(() -> host.lifecycle.rename("one", "two")).hasMessageContaining("already in use");
        assertThatThrownBy(() -> host.lifecycle.rename("one", "one"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Renaming a container with the same name as its current name");
        host.lifecycle.rename("one", "three");
        assertThat(host.containers.get("three").id()).isEqualTo(one.id());
        assertThat(host.lifecycle.create("one", config("true")).name()).isEqualTo("one");
        for (String name : List.of("one", "two", "three")) {
            host.lifecycle.remove(name, false, false);
        }
    }

    @Test
    void updateChangesTheLimitsOfARunningContainer() throws Exception {
        Container container = start(config("sleep", "60"));
        Resources limits = new Resources(
                64 << 20, 0, 0, -1, 0, 512, 0, 0, "", "", 77, 0, 0, false, "", List.of(), List.of(), List.of(),
                List.of());
        host.lifecycle.update(container.id(), limits, Optional.of(new RestartPolicy(RestartPolicy.Name.ON_FAILURE, 3)));
        assertThat(limit(container, "pids", "pids.max")).isEqualTo("77");
        ContainerConfig request = now(container).settings().request();
        assertThat(request.resources().memory()).isEqualTo(64 << 20);
        assertThat(request.restart().maximumRetries()).isEqualTo(3);
        host.lifecycle.remove(container.id(), true, false);
    }

    @Test
    void updateOfAPodsContainerKeepsItsOtherLimits() throws Exception {
        Container container = start(config("sleep", "60"));
        PodLimits pages = new PodLimits(Map.of("2MB", 0L), Map.of());
        host.lifecycle.update(container.id(), Resources.DEFAULT, pages);
        PodLimits wrong = new PodLimits(Map.of(), Map.of("../memory.high", "1"));
        assertThatThrownBy(() -> host.lifecycle.update(container.id(), Resources.DEFAULT, wrong))
                .isInstanceOf(InvalidInputException.class);
        host.lifecycle.update(container.id(), Resources.DEFAULT, PodLimits.NONE);
        assertThat(now(container).settings().request().isolation().pod().limits())
                .isEqualTo(pages);
        host.lifecycle.remove(container.id(), true, false);
    }

    private static String limit(Container container, String controller, String file) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/" + container.pid() + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            Path group = Path.of("/sys/fs/cgroup", fields[1].isEmpty() ? "." : fields[1], fields[2]);
            if (fields[1].contains(controller) || fields[1].isEmpty() && Files.exists(group.resolve(file))) {
                return Files.readString(group.resolve(file)).strip();
            }
        }
        throw new AssertionError("no group of " + controller);
    }

    @Test
    void pruneRemovesWhatDoesNotRunAndMatches() throws Exception {
        Container up = start(config("sleep", "60"));
        Container down = host.lifecycle.create("", config("true"));
        Container spared = host.lifecycle.create("spared", config("true"));
        assertThat(host.lifecycle
                        .prune(container -> !container.name().equals("spared"))
                        .ids())
                .contains(down.id())
                .doesNotContain(up.id(), spared.id());
        assertThat(now(spared).state()).isEqualTo(State.CREATED);
        host.lifecycle.remove("spared", false, false);
        host.lifecycle.remove(up.id(), true, false);
    }

    @Test
    void everyTransitionIsToldOnceAndKept() throws Exception {
        Instant begin = Instant.now();
        Container container = start(config("sleep", "60"));
        host.lifecycle.pause(container.id());
        host.lifecycle.unpause(container.id());
        host.lifecycle.rename(container.id(), "told");
        host.lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
        host.lifecycle.remove(container.id(), false, false);
        List<Event> events = new ArrayList<>();
        host.events.watch(Optional.of(begin), Optional.of(Instant.now()), event -> {
            if (event.actor().equals(container.id())) {
                events.add(event);
            }
        });
        assertThat(events)
                .extracting(Event::action)
                .containsExactly(
                        "create", "start", "pause", "unpause", "rename", "kill", "kill", "die", "stop", "destroy");
        assertThat(events.get(4).attributes()).containsEntry("oldName", container.name());
        assertThat(events.get(5).attributes()).containsEntry("signal", "15");
        assertThat(events.get(7).attributes())
                .containsEntry("exitCode", "137")
                .containsEntry("name", "told")
                .containsEntry("image", "busybox");
    }
}
