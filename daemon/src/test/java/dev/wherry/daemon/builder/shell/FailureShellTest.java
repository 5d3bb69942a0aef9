package dev.wherry.daemon.builder.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.builder.solver.FailurePause;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The step's thread and that of a client's call, with a real shell. */
@Timeout(60)
class FailureShellTest {

    private static BusyboxHost host;

    private final RuntimeException failure = new HostException("exit code 1");
    private final StepShells shells = new StepShells();
    private final FailurePause pause = new FailurePause();
    private final CompletableFuture<String> offered = new CompletableFuture<>();
    private final CompletableFuture<Void> stepEnded = new CompletableFuture<>();
    private final ShellTerminal terminal = new ShellTerminal(80, 24);
    private final Output shown = new Output();
    private SnapshotId snapshot;
    private Path rootfs;
    private Thread step;

    @BeforeAll
    static void open() throws IOException {
        host = new BusyboxHost();
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
        terminal.close();
        host.snapshotter.unmount(rootfs);
        host.snapshotter.discard(snapshot);
        for (Path folder : List.of(host.layout.steps(), host.layout.runRoot().resolve("runtime-steps"))) {
            assertThat(Files.exists(folder) ? FileTrees.list(folder) : List.of())
                    .isEmpty();
        }
    }

    private void fail(boolean wanted, String program) {
        StepShell shell = new StepShell(
                new StepRunner(host.layout, host.runc),
                rootfs,
                args -> new ContainerProcess(
                        args,
                        List.of("NAME=value"),
                        "/etc",
                        "",
                        true,
                        ProcessNetwork.of(NetworkMode.HOST),
                        "",
                        ProcessAdditions.NONE),
                OwnNames.NONE,
                program);
        StepOutput output = new StepOutput() {
            @Override
            public void output(BuildProgress.Stream stream, byte[] data) {}

            @Override
            public void transferred(String item, long current, long total) {}

            @Override
            public void offered(String id, String problem) {
                assertThat(problem).isEqualTo("exit code 1");
                offered.complete(id);
            }
        };
        step = Thread.startVirtualThread(() -> {
            try {
                new FailureShell(shells, pause, wanted).offer(failure, "exit code 1", output, shell);
                stepEnded.complete(null);
            } catch (Throwable thrown) {
                stepEnded.completeExceptionally(thrown);
            }
        });
    }

    private CompletableFuture<Integer> call(OfferedShell shell) {
        Thread.startVirtualThread(() -> {
            try {
                terminal.copyTo(shown);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        });
        return CompletableFuture.supplyAsync(() -> shell.run(terminal), Thread::startVirtualThread);
    }

    private void type(String line) throws InterruptedException {
        terminal.type((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theStepWaitsUntilTheShellHasEnded() throws Exception {
        fail(true, "/bin/sh");
        OfferedShell shell = shells.get(offered.get());
        CompletableFuture<Integer> exitCode = call(shell);
        type("echo $NAME $PWD $0 > /seen");
        await().untilAsserted(() -> assertThat(rootfs.resolve("seen")).hasContent("value /etc /bin/sh"));
        assertThat(stepEnded).isNotDone();
        type("exit 4");

        assertThat(exitCode.get()).isEqualTo(4);
        stepEnded.get();
        assertThatThrownBy(() -> shell.run(terminal)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> shells.get(offered.get())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aMissingShellIsReplacedByTheUsualOne() throws Exception {
        fail(true, "/bin/bash");
        CompletableFuture<Integer> exitCode = call(shells.get(offered.get()));
        type("echo $0 > /seen; exit");

        assertThat(exitCode.get()).isZero();
        assertThat(rootfs.resolve("seen")).hasContent("/bin/sh");
    }

    @Test
    void withoutAnyShellTheCallSaysSoAndTheStepGoesOn() throws Exception {
        Files.delete(rootfs.resolve("bin/sh"));
        fail(true, "/bin/bash");

        assertThatThrownBy(() -> call(shells.get(offered.get())).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(StartException.class)
                .hasMessage("there is no shell in the image: neither /bin/bash nor /bin/sh");
        stepEnded.get();
    }

    @Test
    void interruptingTheStepEndsTheShell() throws Exception {
        fail(true, "/bin/sh");
        CompletableFuture<Integer> exitCode = call(shells.get(offered.get()));
        type("echo read''y");
        await().until(() -> shown.out().contains("ready"));
        step.interrupt();

        assertThatThrownBy(stepEnded::get).hasCauseInstanceOf(CancelledException.class);
        assertThatThrownBy(exitCode::get).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void interruptingTheStepWithdrawsAShellThatNobodyHasOpened() throws Exception {
        fail(true, "/bin/sh");
        OfferedShell shell = shells.get(offered.get());
        step.interrupt();

        assertThatThrownBy(stepEnded::get).hasCauseInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> shell.run(terminal)).isInstanceOf(ConflictException.class);
    }

    @Test
    void oneStepOfABuildOffersAShell() throws Exception {
        pause.during(new HostException("earlier"), () -> {});
        fail(true, "/bin/sh");

        stepEnded.get();
        assertThat(offered).isNotDone();
    }

    @Test
    void aBuildThatWantsNoShellEndsAtOnce() throws Exception {
        fail(false, "/bin/sh");

        stepEnded.get();
        assertThat(offered).isNotDone();
    }
}
