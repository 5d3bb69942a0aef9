package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.builder.solver.FailurePause;

/** What one build does with the state of a RUN that failed: nothing, or a shell for its client in the first of them. */
public final class FailureShell {

    private final StepShells shells;
    private final FailurePause pause;
    private final boolean wanted;

    /**
     * @param wanted whether the client asked for a shell
     * @param pause of the build
     */
    public FailureShell(StepShells shells, FailurePause pause, boolean wanted) {
        this.shells = shells;
        this.pause = pause;
        this.wanted = wanted;
    }

    /** Whether the client asked for a shell. */
    public boolean isWanted() {
        return wanted;
    }

    /**
     * Offers a shell in the state of a step that has just failed, and waits until the shell has ended. Returns at once
     * when the client wants none, or another step of the build failed before.
     *
     * @param failure what the build ends with
     * @param problem why the step failed
     * @param output tells the client
     */
    public void offer(RuntimeException failure, String problem, StepOutput output, StepShell shell) {
        if (!wanted) {
            return;
        }
        pause.during(failure, () -> {
            OfferedShell offer = shells.offer(shell);
            try {
                output.offered(offer.id(), problem);
                offer.await();
            } finally {
                shells.forget(offer);
            }
        });
    }
}
