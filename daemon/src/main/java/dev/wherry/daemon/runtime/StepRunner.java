package dev.wherry.daemon.runtime;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/**
 * Runs the steps of a build: one process in a prepared root file system, with the OCI runtime itself as its parent and
 * no supervisor, since a step does not outlive the daemon.
 */
@Singleton
public final class StepRunner {

    StepRunner(Layout layout) {}

    /**
     * Runs a process to its end and returns its exit code. Standard input is empty; output goes to the sink as it
     * comes, all of it before this returns. Interrupting the calling thread kills everything in the step. What the
     * runtime had to create in the root file system as mount points is gone when this returns.
     *
     * @param rootfs a mounted, writable root file system
     * @throws StartException when the program cannot be started
     * @throws CancelledException when the thread was interrupted
     */
    public int run(Path rootfs, ContainerProcess process, OutputSink sink) {
        throw new UnsupportedOperationException();
    }

    /** Ends and removes what a killed daemon left: steps that still run, their mounts and folders. */
    public void recover() {}
}
