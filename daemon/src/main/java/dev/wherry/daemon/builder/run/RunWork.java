package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.BuildClient;
import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.CacheMounts;
import dev.wherry.daemon.builder.explain.Facet;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.builder.solver.Facets;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.StepKeys;
import dev.wherry.daemon.builder.solver.StepRun;
import dev.wherry.daemon.builder.solver.StepWork;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.spec.CdiDevices;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** {@code RUN}: a process in a new snapshot. */
public final class RunWork {

    private final Workspace workspace;
    private final StepRunner runner;
    private final Semaphore slots;
    private final BindSources sources;
    private final CacheMounts caches;
    private final BuildClient client;
    private final ReadTrace reads;

    /**
     * @param slots how many processes may run at once, over all builds
     * @param reads learns what files they open
     */
    public RunWork(
            Workspace workspace,
            StepRunner runner,
            Semaphore slots,
            BindSources sources,
            CacheMounts caches,
            BuildClient client,
            ReadTrace reads) {
        this.workspace = workspace;
        this.runner = runner;
        this.slots = slots;
        this.sources = sources;
        this.caches = caches;
        this.client = client;
        this.reads = reads;
    }

    /** @param solved results of {@link Vertex.Run#sources} */
    public StepWork.Prepared prepare(Vertex.Run run, Solved parent, List<Solved> solved) {
        RunMounts mounts = new RunMounts(sources, caches, client, run, solved);
        List<Digest> contents = mounts.contents();
        CacheKey key = StepKeys.of(run, parent.key(), contents);
        return new StepWork.Prepared() {
            @Override
            public CacheKey key() {
                return key;
            }

            @Override
            public boolean bound() {
                return mounts.bound();
            }

            @Override
            public SnapshotId perform(StepRun step) {
                List<ExtraMount> opened = new ArrayList<>(mounts.open(step));
                try (Workspace.Folder folder = workspace.folder()) {
                    run.script().ifPresent(script -> opened.add(folder.show(script)));
                    return workspace.make(
                            step.lease(),
                            parent.snapshot(),
                            rootfs ->
                                    reads.during(run, rootfs, () -> start(run, rootfs, opened, mounts, step.output())));
                }
            }

            @Override
            public List<Facet> contents() {
                return Facets.contents(run, contents);
            }

            @Override
            public void close() {
                mounts.close();
            }
        };
    }

    private void start(Vertex.Run run, Path rootfs, List<ExtraMount> opened, RunMounts mounts, StepOutput output) {
        List<String> env = new ArrayList<>();
        run.hiddenEnv().forEach((name, value) -> env.add(name + "=" + value));
        mounts.agentVariable().ifPresent(env::add);
        run.env().forEach((name, value) -> env.add(name + "=" + value));
        Sandbox sandbox = run.sandbox();
        CdiEdits devices = devices(run);
        devices.mounts().forEach(mount -> opened.add(new ExtraMount.OfDevice(mount)));
        ContainerProcess process = new ContainerProcess(
                run.args(),
                env,
                run.workingDir(),
                run.user(),
                false,
                sandbox.hostNetwork() ? NetworkMode.HOST : NetworkMode.NONE,
                "wherry-build",
                new ProcessAdditions(
                        opened,
                        mounts.secretEnv(),
                        sandbox.hosts(),
                        sandbox.shmBytes(),
                        sandbox.limits(),
                        sandbox.insecure(),
                        devices));
        int exitCode;
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
        try {
            exitCode = runner.run(rootfs, process, new Written(output));
        } catch (StartException failure) {
            throw new BuildException(at(run.step()) + failure.getMessage(), failure);
        } finally {
            slots.release();
        }
        if (exitCode != 0) {
            throw new BuildException(at(run.step()) + "exit code " + exitCode);
        }
    }

    private static CdiEdits devices(Vertex.Run run) {
        if (run.sandbox().devices().isEmpty()) {
            return CdiEdits.NONE;
        }
        try {
            return StepDevices.of(run.sandbox(), CdiDevices.ofHost());
        } catch (InvalidInputException failure) {
            throw new BuildException(at(run.step()) + failure.getMessage(), failure);
        }
    }

    private static String at(Step step) {
        return step.position().file() + ":" + step.position().line() + ": " + step.source() + ": ";
    }

    /** Passes what the process writes on as the output of its step. */
    private record Written(StepOutput step) implements OutputSink {

        @Override
        public void stdout(byte[] chunk) {
            step.output(BuildProgress.Stream.STDOUT, chunk);
        }

        @Override
        public void stderr(byte[] chunk) {
            step.output(BuildProgress.Stream.STDERR, chunk);
        }
    }
}
