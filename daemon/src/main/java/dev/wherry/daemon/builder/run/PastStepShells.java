package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.run.StepNetworks.StepNetwork;
import dev.wherry.daemon.builder.shell.PastStep;
import dev.wherry.daemon.builder.shell.PastSteps;
import dev.wherry.daemon.builder.shell.ShellTerminal;
import dev.wherry.daemon.builder.shell.ShellThread;
import dev.wherry.daemon.builder.shell.StepShell;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import jakarta.inject.Singleton;

/** Runs shells in the file systems of past steps: in a copy of its own, which is thrown away with the shell. */
@Singleton
public final class PastStepShells {

    private final PastSteps steps;
    private final Leases leases;
    private final Workspace workspace;
    private final StepRunner runner;
    private final StepNetworks networks;

    PastStepShells(PastSteps steps, Leases leases, Workspace workspace, StepRunner runner, StepNetworks networks) {
        this.steps = steps;
        this.leases = leases;
        this.workspace = workspace;
        this.runner = runner;
        this.networks = networks;
    }

    /** Learns what a shell is about to run in. */
    @FunctionalInterface
    public interface Beginning {

        /** @param title of the file system, in words */
        void begins(String title) throws InterruptedException;
    }

    /**
     * Runs a shell to its end and returns its exit code; {@link PastSteps#find} says what the other parameters mean.
     * Interrupting the calling thread kills it.
     */
    public int run(String build, int step, boolean before, Beginning beginning, ShellTerminal terminal) {
        return new ShellThread(() -> runHere(build, step, before, beginning, terminal)).run();
    }

    private int runHere(String build, int step, boolean before, Beginning beginning, ShellTerminal terminal)
            throws InterruptedException {
        try (Lease lease = leases.open()) {
            PastStep past = steps.find(lease, build, step, before);
            try (Workspace.Mounted files = workspace.copy(lease, past.snapshot());
                    StepNetwork network = networks.open(RunNetwork.DEFAULT)) {
                beginning.begins(past.title());
                return new StepShell(
                                runner,
                                files.root(),
                                args -> new ContainerProcess(
                                        args,
                                        past.env(),
                                        past.workingDir(),
                                        past.user(),
                                        true,
                                        network.process(),
                                        RunProcesses.HOSTNAME,
                                        ProcessAdditions.NONE),
                                network.names(),
                                past.shell())
                        .run(terminal);
            }
        }
    }
}
