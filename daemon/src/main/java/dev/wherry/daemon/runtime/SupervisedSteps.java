package dev.wherry.daemon.runtime;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Runs processes of steps on a terminal, which a conmon holds as it does for containers. Unlike those, such a process
 * ends with the daemon, and its conmon stays in the control group of the daemon.
 */
final class SupervisedSteps {

    private final OciRuntime runc;
    private final Cgroups cgroups;
    private final Path state;
    private final Conmon conmon;

    /** @param state the folder of the runtime's state */
    SupervisedSteps(OciRuntime runc, Cgroups cgroups, Path state) {
        this.runc = runc;
        this.cgroups = cgroups;
        this.state = state;
        this.conmon = new Conmon(runc);
    }

    /** Runs what the bundle describes to its end; interrupting the calling thread kills it. Nothing of it is left. */
    int execute(String id, Path bundle, Consumer<StepTerminal> joined) throws IOException {
        Supervision supervision =
                new Supervision(id, id, bundle, state, bundle, List.of("-l", "none"), true, true, true);
        try (Conmon.Created created = conmon.begin(supervision)) {
            FutureTask<Void> end = watch(created);
            boolean ended = false;
            try {
                joined.accept(new StepTerminal(bundle));
                runc.start(state, id);
                end.get();
                ended = true;
                return exitCode(bundle.resolve(id));
            } catch (InterruptedException interruption) {
                throw new CancelledException("the build step was cancelled", interruption);
            } catch (ExecutionException failure) {
                throw new HostException("conmon ended unexpectedly: " + failure.getCause(), failure);
            } finally {
                clear(id, supervision, end, ended);
            }
        }
    }

    /** A platform thread: the JDK reads a pipe with a call that blocks its carrier. */
    private static FutureTask<Void> watch(Conmon.Created created) {
        FutureTask<Void> end = new FutureTask<>(() -> {
            created.awaitEnd();
            return null;
        });
        Thread.ofPlatform().daemon().name("step-end").start(end);
        return end;
    }

    private void clear(String id, Supervision supervision, FutureTask<Void> end, boolean ended) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            if (!ended) {
                kill(id, supervision);
                Background.join(end);
            }
            runc.delete(state, id);
            cgroups.remove(id);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void kill(String id, Supervision supervision) throws IOException {
        try {
            runc.kill(state, id, Processes.SIGKILL);
        } catch (HostException killItAnyway) {
            // Its removal kills what is left.
        }
        int pid = Conmon.conmonPid(supervision).orElse(0);
        if (Supervisors.isAlive(pid, supervision.mark())) {
            Processes.kill(pid, Processes.SIGKILL);
        }
    }

    private static int exitCode(Path file) throws IOException {
        return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : ExitCode.KILLED.value();
    }

    /** Kills every conmon that a killed daemon left. */
    void killAll() throws IOException {
        Supervisors.killAll(List.of("--runtime-arg", state.toString()));
    }
}
