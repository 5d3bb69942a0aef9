package dev.wherry.daemon.build;

import dev.wherry.daemon.build.cache.CacheKey;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.runtime.ContainerProcess;
import dev.wherry.daemon.runtime.Network;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** {@code RUN}: a process in a new snapshot. */
final class RunWork {

    private final Workspace workspace;
    private final StepRunner runner;
    private final Lease lease;
    private final Semaphore slots;
    private final BuildProgress progress;

    /** @param slots how many processes may run at once, over all builds */
    RunWork(Workspace workspace, StepRunner runner, Lease lease, Semaphore slots, BuildProgress progress) {
        this.workspace = workspace;
        this.runner = runner;
        this.lease = lease;
        this.slots = slots;
        this.progress = progress;
    }

    StepWork.Prepared prepare(Vertex.Run run, Solved parent) {
        CacheKey key = StepKeys.of(run, parent.key());
        return new StepWork.Prepared() {
            @Override
            public CacheKey key() {
                return key;
            }

            @Override
            public SnapshotId perform() {
                return workspace.make(lease, parent.snapshot(), rootfs -> start(run, rootfs));
            }

            @Override
            public String summary() {
                return Summary.of(run.step()).json();
            }
        };
    }

    private void start(Vertex.Run run, Path rootfs) {
        List<String> env = new ArrayList<>();
        run.hiddenEnv().forEach((name, value) -> env.add(name + "=" + value));
        run.env().forEach((name, value) -> env.add(name + "=" + value));
        ContainerProcess process = new ContainerProcess(
                run.args(),
                env,
                run.workingDir(),
                run.user(),
                false,
                run.hostNetwork() ? Network.HOST : Network.NONE,
                "wherry-build");
        int exitCode;
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
        try {
            exitCode = runner.run(rootfs, process, new StepOutput(run.step()));
        } catch (StartException failure) {
            throw new BuildException(at(run.step()) + failure.getMessage(), failure);
        } finally {
            slots.release();
        }
        if (exitCode != 0) {
            throw new BuildException(at(run.step()) + "exit code " + exitCode);
        }
    }

    private static String at(Step step) {
        return step.position().file() + ":" + step.position().line() + ": " + step.source() + ": ";
    }

    /** Passes what the process writes on as the output of its step. */
    private final class StepOutput implements OutputSink {

        private final Step step;

        StepOutput(Step step) {
            this.step = step;
        }

        @Override
        public void stdout(byte[] chunk) {
            progress.output(step, BuildProgress.Stream.STDOUT, chunk);
        }

        @Override
        public void stderr(byte[] chunk) {
            progress.output(step, BuildProgress.Stream.STDERR, chunk);
        }
    }
}
