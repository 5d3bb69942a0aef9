package dev.wherry.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program of a step on a terminal, with the real runtime and conmon. */
@Timeout(60)
class StepTerminalTest {

    private static BusyboxHost host;
    private static StepRunner steps;
    private final Output output = new Output();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final Attachment typed = new Attachment(true);
    private volatile StepTerminal terminal;
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
    void unmount() throws IOException {
        typed.close();
        host.snapshotter.unmount(rootfs);
        host.snapshotter.discard(snapshot);
        for (Path folder : List.of(host.layout.steps(), host.layout.runRoot().resolve("runtime-steps"))) {
            assertThat(Files.exists(folder) ? FileTrees.list(folder) : List.of())
                    .isEmpty();
        }
        assertThat(conmons()).isEmpty();
    }

    private static List<Integer> conmons() throws IOException {
        return List.copyOf(Supervisors.find(List.of(
                        "--runtime-arg",
                        host.layout.runRoot().resolve("runtime-steps").toString()))
                .keySet());
    }

    private static ContainerProcess process(ProcessAdditions additions, String... args) {
        return new ContainerProcess(
                List.of(args), List.of(), "", "", true, ProcessNetwork.of(NetworkMode.HOST), "", additions);
    }

    private Thread start(ProcessAdditions additions, String... args) {
        Thread.startVirtualThread(() -> {
            try {
                typed.copyTo(output);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        });
        return Thread.startVirtualThread(() -> {
            try {
                end.complete(steps.runOnTerminal(rootfs, process(additions, args), OwnNames.NONE, joined -> {
                    terminal = joined;
                    new Window(91, 17).tell(joined.control());
                    typed.connect(joined.attachSocket());
                }));
            } catch (Throwable thrown) {
                end.completeExceptionally(thrown);
            }
        });
    }

    private void type(String line) throws InterruptedException {
        typed.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsTypedIsRunAndTheExitCodeIsTheProgramsOwn() throws Exception {
        start(ProcessAdditions.NONE, "sh");
        type("stty size; echo wri''tten > /file; exit 7");

        assertThat(end.get()).isEqualTo(7);
        await().untilAsserted(() -> assertThat(output.out()).contains("17 91"));
        assertThat(rootfs.resolve("file")).hasContent("written");
    }

    @Test
    void secretsAreThere() throws Exception {
        ExtraMount secret = new ExtraMount.Secret("/run/secrets/key", "sesame".getBytes(), 0400, 0, 0);
        start(
                new ProcessAdditions(
                        List.of(secret), List.of("TOKEN=open"), List.of(), OptionalLong.empty(), List.of(), false),
                "sh");
        type("echo $TOKEN $(cat /run/secrets/key) > /seen; exit");

        assertThat(end.get()).isZero();
        assertThat(rootfs.resolve("seen")).hasContent("open sesame");
    }

    @Test
    void missingProgramIs127() {
        start(ProcessAdditions.NONE, "nope");

        assertThatThrownBy(end::join)
                .cause()
                .isInstanceOfSatisfying(
                        StartException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
    }

    @Test
    void interruptionKillsTheProgram() throws Exception {
        Thread thread = start(ProcessAdditions.NONE, "sh", "-c", "trap '' HUP TERM INT; echo ready; sleep 60");
        await().until(() -> output.out().contains("ready"));
        thread.interrupt();

        assertThatThrownBy(end::join).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void aKilledSupervisorEndsTheProgram() throws Exception {
        start(ProcessAdditions.NONE, "sh", "-c", "trap '' HUP; echo ready; sleep 60");
        await().until(() -> output.out().contains("ready"));
        for (int pid : conmons()) {
            Processes.kill(pid, Processes.SIGKILL);
        }

        assertThat(end.get()).isEqualTo(137);
    }

    @Test
    void recoveryEndsTheProgramOfAKilledDaemon() throws Exception {
        start(ProcessAdditions.NONE, "sh", "-c", "trap '' HUP; echo ready; sleep 60");
        await().until(() -> output.out().contains("ready"));
        int program = Integer.parseInt(
                Files.readString(terminal.bundle().resolve("pid")).strip());
        new StepRunner(host.layout, host.runc).recover();

        await().untilAsserted(() -> assertThat(Processes.startTime(program)).isEmpty());
        // What this daemon, which was not killed, then makes of it does not matter.
        await().until(end::isDone);
    }
}
