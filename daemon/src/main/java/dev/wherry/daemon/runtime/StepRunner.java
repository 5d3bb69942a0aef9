package dev.wherry.daemon.runtime;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.Bundle;
import dev.wherry.daemon.runtime.bundle.BundleFolder;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.MountPointStubs;
import dev.wherry.daemon.runtime.bundle.NameFiles;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeFailure;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Runs the steps of a build: one process in a prepared root file system, with the OCI runtime itself as its parent and
 * no supervisor, since a step does not outlive the daemon; only a terminal needs one. Steps have a state folder of the runtime to themselves, and
 * their IDs begin with {@code step-}, so that {@link #recover} finds what a killed daemon left.
 */
@Singleton
public final class StepRunner {

    private static final String PREFIX = "step-";
    private static final int CHUNK = 32 << 10;
    private static final int SIGKILL = 9;

    private final Layout layout;
    private final OciRuntime runc;
    private final Cgroups cgroups;
    private final Path state;
    private final SupervisedSteps supervised;

    public StepRunner(Layout layout, OciRuntime runc) {
        this.layout = layout;
        this.runc = runc;
        this.cgroups = new Cgroups(layout, runc.cgroups());
        this.state = layout.runRoot().resolve("runtime-steps");
        this.supervised = new SupervisedSteps(runc, cgroups, state);
    }

    /**
     * Runs a process to its end and returns its exit code. Standard input is empty; output goes to the sink as it
     * comes, all of it before this returns. Interrupting the calling thread kills everything in the step. What the
     * runtime needs in the root file system as mount points is gone when this returns.
     *
     * @param rootfs a mounted, writable root file system that no other process uses
     * @param names of the networks that it is connected to
     * @throws StartException when the program cannot be started
     * @throws CancelledException when the thread was interrupted
     */
    public int run(Path rootfs, ContainerProcess process, OwnNames names, OutputSink sink) {
        return run(rootfs, process, names, (id, bundle) -> execute(id, bundle, sink));
    }

    /**
     * As above, on a terminal: its output goes to whoever joins the terminal.
     *
     * @param process has a terminal
     * @param joined called before the process begins, with the terminal that it gets
     */
    public int runOnTerminal(Path rootfs, ContainerProcess process, OwnNames names, Consumer<StepTerminal> joined) {
        return run(rootfs, process, names, (id, bundle) -> supervised.execute(id, bundle, joined));
    }

    /** Runs what a bundle describes, and returns its exit code. */
    private interface Execution {
        int of(String id, Path bundle) throws IOException;
    }

    private int run(Path rootfs, ContainerProcess process, OwnNames names, Execution execution) {
        String id = PREFIX + UUID.randomUUID();
        try (BundleFolder bundle = BundleFolder.make(layout.steps().resolve(id), process.additions())) {
            return run(id, bundle.path(), rootfs, process, names, execution);
        } catch (IOException failure) {
            throw new HostException("cannot run a build step: " + failure.getMessage(), failure);
        }
    }

    private int run(String id, Path bundle, Path rootfs, ContainerProcess process, OwnNames names, Execution execution)
            throws IOException {
        try {
            runc.assign(bundle, "");
            Bundle.write(
                    bundle, bundle, rootfs, process, cgroups.path(id), profile -> runc.annotations(bundle, profile));
            NameFiles.write(bundle, process, names);
            MountPointStubs stubs = stubs(rootfs, process);
            try {
                return execution.of(id, bundle);
            } finally {
                stubs.remove();
            }
        } catch (WherryException | IOException failure) {
            // Whatever an interrupted thread could not do; what is cleared away after it must not be interrupted too.
            if (Thread.interrupted()) {
                throw new CancelledException("the build step was cancelled", failure);
            }
            throw failure;
        }
    }

    private static MountPointStubs stubs(Path rootfs, ContainerProcess process) throws IOException {
        try {
            return MountPointStubs.create(rootfs, process.additions().mounts());
        } catch (NotDirectoryException | FileSystemLoopException failure) {
            throw new StartException(
                    ExitCode.RUNTIME_FAILED, "cannot mount: " + failure.getMessage() + " is not a directory");
        }
    }

    private int execute(String id, Path bundle, OutputSink sink) throws IOException {
        Path log = bundle.resolve("log");
        try (Spawn.Child run =
                Spawn.withOutput(runc.runCommand(state, log, bundle, id), OciRuntime.VARIABLES, Path.of("/"))) {
            return await(
                    id, bundle, run, pump(run.report(0), sink::stdout), pump(run.report(1), withoutRuntime(log, sink)));
        }
    }

    /** The runtime is the last to close its output, and ends then. */
    private int await(String id, Path bundle, Spawn.Child run, FutureTask<Void> stdout, FutureTask<Void> stderr)
            throws IOException {
        boolean ended = false;
        try {
            stdout.get();
            stderr.get();
            int code = run.await();
            ended = true;
            if (code != 0) {
                Optional<String> failure = RuntimeFailure.inLog(bundle.resolve("log"));
                if (failure.isPresent()) {
                    throw RuntimeFailure.ofContainer(failure.get(), bundle);
                }
            }
            return code;
        } catch (InterruptedException interruption) {
            throw new CancelledException("the build step was cancelled");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new HostException("cannot pass on the output of a build step: " + failure.getCause(), failure);
        } finally {
            if (!ended) {
                kill(id, run);
            }
        }
    }

    /**
     * The runtime's own process goes first: it may not have made the container yet, and one that it makes after having
     * been killed does not exist, since the container's first process waits for it.
     */
    private void kill(String id, Spawn.Child run) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            runc.kill(state, id, SIGKILL);
        } catch (HostException killItAnyway) {
            // The runtime's own process ends below, and its removal kills what is left.
        } finally {
            Processes.kill(run.pid(), SIGKILL);
            run.await();
            runc.delete(state, id);
            removeGroups(id);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeGroups(String id) {
        try {
            cgroups.remove(id);
        } catch (IOException failure) {
            throw new HostException(
                    "cannot remove the control groups of a build step: " + failure.getMessage(), failure);
        }
    }

    /**
     * Standard error without what the runtime itself says: it speaks only when no program was started, and then it has
     * logged the same before.
     */
    private static Consumer<byte[]> withoutRuntime(Path log, OutputSink sink) {
        boolean[] programSpeaks = new boolean[1];
        return chunk -> {
            programSpeaks[0] = programSpeaks[0] || !RuntimeFailure.isLogged(log);
            if (programSpeaks[0]) {
                sink.stderr(chunk);
            }
        };
    }

    /** Platform threads: the JDK reads a pipe with a call that blocks its carrier. */
    private static FutureTask<Void> pump(InputStream from, Consumer<byte[]> to) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            byte[] buffer = new byte[CHUNK];
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                to.accept(Arrays.copyOf(buffer, length));
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("step-output").start(task);
        return task;
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        // The kernel lists mount points without symbolic links.
        Path real = folder.toRealPath();
        for (Mounts.Mount mount : Mounts.list().reversed()) {
            if (mount.target().startsWith(real)) {
                Mounts.unmount(mount.target());
            }
        }
        for (Path left : FileTrees.list(folder)) {
            FileTrees.remove(left);
        }
    }

    /** Ends and removes what a killed daemon left: steps that still run, their mounts and folders. */
    public void recover() {
        try {
            supervised.killAll();
            Supervisors.killAll(List.of("--root", state.toString()));
            for (Path container : Files.isDirectory(state) ? FileTrees.list(state) : List.<Path>of()) {
                runc.delete(state, container.getFileName().toString());
            }
            cgroups.removeExcept(Set.of(), PREFIX);
            clear(layout.steps());
            clear(layout.scratch());
        } catch (IOException failure) {
            throw new HostException(
                    "cannot clear away the build steps of a killed daemon: " + failure.getMessage(), failure);
        }
    }
}
