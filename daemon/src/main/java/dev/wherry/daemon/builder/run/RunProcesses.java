package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.CacheMounts;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.copy.ReadTrace;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.builder.run.StepNetworks.StepNetwork;
import dev.wherry.daemon.builder.shell.FailureShell;
import dev.wherry.daemon.builder.shell.StepShell;
import dev.wherry.daemon.builder.solver.Operation;
import dev.wherry.daemon.builder.solver.Operation.Preparation;
import dev.wherry.daemon.builder.solver.StepRun;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.spec.CdiDevices;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Runs processes for one build: prepares and performs {@link RunOperation}s. */
public final class RunProcesses {

    /** Of the sandbox. */
    static final String HOSTNAME = "wherry-build";

    private static final String FOREIGN = ": a program is made for another processor than this host has ("
            + Platform.host()
            + "): install an emulator, on Debian with apt install qemu-user-static, or begin the stage"
            + " with FROM --platform=$BUILDPLATFORM and compile for $TARGETPLATFORM";

    private final Workspace workspace;
    private final StepRunner runner;
    private final Semaphore slots;
    private final BindSources sources;
    private final CacheMounts caches;
    private final BuildClient client;
    private final ReadTrace reads;
    private final StepNetworks networks;
    private final FailureShell onFailure;

    /**
     * @param slots how many processes may run at once, over all builds
     * @param reads learns what files they open
     * @param onFailure shows the client what a failed one left
     */
    public RunProcesses(
            Workspace workspace,
            StepRunner runner,
            Semaphore slots,
            BindSources sources,
            CacheMounts caches,
            BuildClient client,
            ReadTrace reads,
            StepNetworks networks,
            FailureShell onFailure) {
        this.workspace = workspace;
        this.runner = runner;
        this.slots = slots;
        this.sources = sources;
        this.caches = caches;
        this.client = client;
        this.reads = reads;
        this.networks = networks;
        this.onFailure = onFailure;
    }

    Operation.Prepared prepare(RunSpec run, Preparation step) {
        RunMounts mounts = new RunMounts(sources, caches, client, run, step);
        List<Input> contents = mounts.contents();
        return new Operation.Prepared() {
            @Override
            public List<Input> contents() {
                return contents;
            }

            @Override
            public boolean bound() {
                return mounts.bound();
            }

            @Override
            public boolean alone() {
                return onFailure.isWanted();
            }

            @Override
            public SnapshotId perform(CacheKey key, StepRun performed) {
                List<ExtraMount> opened = new ArrayList<>(mounts.open(performed));
                try (Workspace.Folder folder = workspace.folder()) {
                    run.script().ifPresent(script -> opened.add(show(folder, script)));
                    return workspace.make(
                            performed.lease(),
                            step.parent().snapshot(),
                            rootfs -> reads.during(
                                    step.vertex(),
                                    rootfs,
                                    () -> start(run, step.step(), rootfs, opened, mounts, performed.output())));
                }
            }

            @Override
            public void close() {
                mounts.close();
            }
        };
    }

    private static ExtraMount show(Workspace.Folder folder, RunSpec.Script script) {
        folder.write(script.name(), script.text());
        return new ExtraMount.Bind(folder.path(), Run.SCRIPTS, false, true);
    }

    private void start(
            RunSpec run, Step step, Path rootfs, List<ExtraMount> opened, RunMounts mounts, StepOutput output) {
        List<String> env = new ArrayList<>();
        run.hiddenEnv().forEach((name, value) -> env.add(name + "=" + value));
        mounts.agentVariable().ifPresent(env::add);
        run.env().forEach((name, value) -> env.add(name + "=" + value));
        Sandbox sandbox = run.sandbox();
        CdiEdits devices = devices(run, step);
        devices.mounts().forEach(mount -> opened.add(new ExtraMount.OfDevice(mount)));
        ProcessAdditions additions = new ProcessAdditions(
                opened,
                mounts.secretEnv(),
                sandbox.hosts(),
                sandbox.shmBytes(),
                sandbox.limits(),
                sandbox.insecure(),
                devices);
        Written written = new Written(output);
        try (Slot slot = takeSlot();
                StepNetwork network = networks.open(sandbox.network())) {
            Function<List<String>, ContainerProcess> shell = args -> process(run, args, env, true, network, additions);
            Optional<Failed> failed = run(
                    rootfs, process(run, run.args(), env, false, network, additions), network.names(), written, step);
            if (failed.isPresent()) {
                // A shell waits for its user, and takes no turn from other steps.
                slot.close();
                onFailure.offer(
                        failed.get().failure(),
                        failed.get().problem(),
                        output,
                        new StepShell(runner, rootfs, shell, network.names(), run.shell()));
                throw failed.get().failure();
            }
        }
    }

    private static ContainerProcess process(
            RunSpec run,
            List<String> args,
            List<String> env,
            boolean terminal,
            StepNetwork network,
            ProcessAdditions additions) {
        return new ContainerProcess(
                args, env, run.workingDir(), run.user(), terminal, network.process(), HOSTNAME, additions);
    }

    /** Why a process failed, in words and as what its build ends with. */
    private record Failed(String problem, RuntimeException failure) {}

    /** Runs the process to its end; empty when it succeeds. */
    private Optional<Failed> run(Path rootfs, ContainerProcess process, OwnNames names, Written written, Step step) {
        try {
            int exitCode = runner.run(rootfs, process, names, written);
            if (exitCode == 0) {
                return Optional.empty();
            }
            String problem = "exit code " + exitCode + (written.foreign ? FOREIGN : "");
            return Optional.of(new Failed(problem, step.failed(problem)));
        } catch (StartException failure) {
            return Optional.of(new Failed(failure.getMessage(), step.failed(failure.getMessage(), failure)));
        }
    }

    private Slot takeSlot() {
        try {
            slots.acquire();
            return new Slot();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }

    /** The right to run a process, until it is closed; closing it again does nothing. */
    private final class Slot implements AutoCloseable {

        private boolean closed;

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                slots.release();
            }
        }
    }

    private static CdiEdits devices(RunSpec run, Step step) {
        if (run.sandbox().devices().isEmpty()) {
            return CdiEdits.NONE;
        }
        try {
            return StepDevices.of(run.sandbox(), CdiDevices.ofHost());
        } catch (InvalidInputException failure) {
            throw step.failed(failure.getMessage(), failure);
        }
    }

    /** Passes what the process writes on as the output of its step. */
    private static final class Written implements OutputSink {

        private final StepOutput step;
        /** Whether the kernel refused to execute something, as runtimes and shells report it. */
        private volatile boolean foreign;

        Written(StepOutput step) {
            this.step = step;
        }

        @Override
        public void stdout(byte[] chunk) {
            step.output(BuildProgress.Stream.STDOUT, chunk);
        }

        @Override
        public void stderr(byte[] chunk) {
            foreign |= new String(chunk, StandardCharsets.UTF_8)
                    .toLowerCase(Locale.ROOT)
                    .contains("exec format error");
            step.output(BuildProgress.Stream.STDERR, chunk);
        }
    }
}
