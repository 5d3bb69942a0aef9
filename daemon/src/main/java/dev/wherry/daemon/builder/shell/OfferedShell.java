package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A shell that a failed step offers: the thread of the step keeps the step's state as it is and waits, while the thread
 * of a client's call runs the shell. It can be run once.
 *
 * <pre>
 *     offered ─→ running ─→ over
 *        └──────────┴─────→ withdrawn, with the step; a shell that runs is killed
 * </pre>
 */
public final class OfferedShell {

    private final String id;
    private final StepShell shell;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private Optional<ShellThread> running = Optional.empty();
    private boolean taken;

    OfferedShell(String id, StepShell shell) {
        this.id = id;
        this.shell = shell;
    }

    String id() {
        return id;
    }

    /**
     * Runs the shell to its end and returns its exit code. Interrupting the calling thread kills it.
     *
     * @throws ConflictException when somebody else has run it, or the step waits no longer
     */
    public int run(ShellTerminal terminal) {
        ShellThread thread = new ShellThread(() -> shell.run(terminal));
        take(thread);
        try {
            return thread.run();
        } finally {
            over.complete(null);
        }
    }

    private synchronized void take(ShellThread thread) {
        if (taken) {
            throw new ConflictException("the shell of the failed step was opened already");
        }
        taken = true;
        running = Optional.of(thread);
    }

    /**
     * Waits until the shell has ended. When this returns or throws, nothing uses the state of the step any more.
     *
     * @throws CancelledException when the thread was interrupted, which ends the shell
     */
    void await() {
        try {
            over.get();
        } catch (InterruptedException interruption) {
            withdraw();
            // What is cleared away after this must not be interrupted too.
            throw new CancelledException("the build was cancelled", interruption);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void withdraw() {
        Optional<ShellThread> ending;
        synchronized (this) {
            taken = true;
            ending = running;
        }
        ending.ifPresent(ShellThread::end);
    }
}
