package dev.wherry.daemon.build;

import dev.wherry.daemon.build.cache.CacheKey;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.StartException;
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
    private final Semaphore slots;

    /** @param slots how many processes may run at once, over all builds */
    RunWork(Workspace workspace, StepRunner runner, Semaphore slots) {
        this.workspace = workspace;
        this.runner = runner;
        this.slots = slots;
    }

    StepWork.Prepared prepare(Vertex.Run run, Solved parent) {
        CacheKey key = StepKeys.of(run, parent.key());
        return new StepWork.Prepared() {
            @Override
            public CacheKey key() {
                return key;
            }

            @Override
            public SnapshotId perform(StepRun step) {
                return workspace.make(step.lease(), parent.snapshot(), rootfs -> start(run, rootfs, step.output()));
            }

            @Override
            public String summary() {
                return Summary.of(run.step()).json();
            }
        };
    }

    private void start(Vertex.Run run, Path rootfs, StepOutput output) {
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
