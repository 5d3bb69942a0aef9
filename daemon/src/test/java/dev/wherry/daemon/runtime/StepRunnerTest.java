package dev.wherry.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.runtime.bundle.Bundle;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.NameFiles;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Build steps with the real runc in an overlay. */
class StepRunnerTest {

    private static BusyboxHost host;
    private static StepRunner steps;
    private final Output output = new Output();
    private SnapshotId snapshot;
    private Path rootfs;

    @BeforeAll
    static void open() throws IOException {
        host = new BusyboxHost();
        steps = new StepRunner(host.layout, host.runc);
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    @BeforeEach
    void mount() throws IOException {
        snapshot = host.snapshotter.prepare(host.stores.leases.open(), Optional.of(host.base));
        rootfs = Files.createTempDirectory(
                Files.createDirectories(host.layout.runRoot().resolve("mounts")), "rootfs");
        host.snapshotter.mount(snapshot, rootfs);
    }

    @AfterEach
    void unmount() {
        host.snapshotter.unmount(rootfs);
        host.snapshotter.discard(snapshot);
    }

    private static ContainerProcess process(String... args) {
        return new ContainerProcess(List.of(args), List.of(), "", "", false, NetworkMode.HOST, "");
    }

    private List<String> changes() throws IOException {
        Path upper = host.layout.snapshots().resolve(snapshot.toString()).resolve("fs");
        try (Stream<Path> files = Files.walk(upper)) {
            return files.filter(file -> !file.equals(upper))
                    .map(file -> upper.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void assertNothingIsLeft() throws IOException {
        for (Path folder : List.of(host.layout.steps(), host.layout.runRoot().resolve("runtime-steps"))) {
            assertThat(Files.exists(folder) ? FileTrees.list(folder) : List.of())
                    .isEmpty();
        }
        try (Stream<Path> groups = Files.find(
                Path.of("/sys/fs/cgroup"),
                5,
                (path, attributes) -> path.getFileName().toString().startsWith("step-"))) {
            assertThat(groups.filter(group -> group.toString()
                            .contains(new Cgroups(host.layout, host.runc.cgroups())
                                    .path("x")
                                    .substring(0, 16))))
                    .isEmpty();
        }
    }

    @Test
    void exitCodeAndStreamsAreTheProgramsOwn() throws IOException {
        assertThat(steps.run(rootfs, process("sh", "-c", "echo out; echo err >&2; exit 3"), OwnNames.NONE, output))
                .isEqualTo(3);
        assertThat(output.out()).isEqualTo("out\n");
        assertThat(output.err()).isEqualTo("err\n");
        assertNothingIsLeft();
    }

    @Test
    void exitCodeOfARuntimesOwnIsNotTakenForAFailureToStart() {
        assertThat(steps.run(rootfs, process("sh", "-c", "exit 1"), OwnNames.NONE, output))
                .isEqualTo(1);
    }

    @Test
    void standardInputIsEmpty() {
        assertThat(steps.run(rootfs, process("cat"), OwnNames.NONE, output)).isZero();
    }

    @Test
    void mountPointsDoNotBecomePartOfTheLayer() throws IOException {
        FileTime before = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(rootfs, before);
        Files.setLastModifiedTime(rootfs.resolve("etc"), before);
        assertThat(steps.run(rootfs, process("true"), OwnNames.NONE, output)).isZero();
        assertThat(changes()).containsOnly("etc");
        assertThat(Files.getLastModifiedTime(rootfs, LinkOption.NOFOLLOW_LINKS)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(rootfs.resolve("etc"))).isEqualTo(before);
    }

    @Test
    void whatTheStepWritesStays() throws IOException {
        assertThat(steps.run(rootfs, process("sh", "-c", "echo new > /etc/new; echo x > /file"), OwnNames.NONE, output))
                .isZero();
        assertThat(changes()).containsExactly("etc", "etc/new", "file");
    }

    @Test
    void missingProgramIs127() {
        assertThatThrownBy(() -> steps.run(rootfs, process("nope"), OwnNames.NONE, output))
                .isInstanceOfSatisfying(StartException.class, failure -> {
                    assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
                    assertThat(failure).hasMessage("exec: \"nope\": executable file not found in $PATH");
                });
        assertThat(output.err()).isEmpty();
    }

    @Test
    void interruptionKillsTheStep() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                steps.run(rootfs, process("sh", "-c", "trap '' TERM INT; echo ready; sleep 60"), OwnNames.NONE, output);
                end.complete(null);
            } catch (Throwable thrown) {
                end.complete(thrown);
            }
        });
        await().until(() -> output.out().contains("ready"));
        thread.interrupt();
        await().atMost(Duration.ofSeconds(5)).until(end::isDone);
        assertThat(end.get()).isInstanceOf(CancelledException.class);
        assertNothingIsLeft();
    }

    @Test
    void interruptionAtAnyMomentLeavesNothing() throws Exception {
        for (int millis = 0; millis < 40; millis += 5) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = Thread.startVirtualThread(() -> {
                try {
                    steps.run(rootfs, process("sleep", "60"), OwnNames.NONE, output);
                    end.complete(null);
                } catch (Throwable thrown) {
                    end.complete(thrown);
                }
            });
            Thread.sleep(millis);
            thread.interrupt();
            assertThat(end.get()).isInstanceOf(CancelledException.class);
            assertNothingIsLeft();
        }
    }

    @Test
    void recoveryEndsTheStepsOfAKilledDaemon() throws Exception {
        Path bundle = Files.createDirectories(host.layout.steps().resolve("step-orphan"));
        ContainerProcess process = process("sleep", "60");
        Bundle.write(
                bundle,
                bundle,
                rootfs,
                process,
                new Cgroups(host.layout, host.runc.cgroups()).path("step-orphan"),
                _ -> Map.of());
        NameFiles.write(bundle, process, OwnNames.NONE);
        Path state = host.layout.runRoot().resolve("runtime-steps");
        java.lang.Process orphan =
                new ProcessBuilder(host.runc.runCommand(state, bundle.resolve("log"), bundle, "step-orphan")).start();
        await().until(() -> Files.exists(state.resolve("step-orphan/state.json")));
        new StepRunner(host.layout, host.runc).recover();
        assertThat(orphan.waitFor()).isNotZero();
        assertNothingIsLeft();
    }
}
