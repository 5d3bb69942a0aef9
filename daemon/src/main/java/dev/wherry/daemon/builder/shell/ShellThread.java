package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.error.CancelledException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a shell on a thread of its own, which is interrupted once at most. The thread of a call may be interrupted again
 * and again when its client goes, and then what clears the shell away would be interrupted too.
 */
public final class ShellThread {

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final Thread thread;

    /** @param work runs the shell and returns its exit code; ends the shell when it is interrupted */
    public ShellThread(Callable<Integer> work) {
        thread = Thread.ofVirtual().name("shell").unstarted(() -> {
            try {
                exitCode.complete(work.call());
            } catch (Throwable failure) {
                exitCode.completeExceptionally(failure);
            }
        });
    }

    /**
     * Runs the work to its end and returns the exit code; throws what the work throws. Call once. Interrupting the
     * calling thread {@linkplain #end ends} the work.
     */
    public int run() {
        thread.start();
        try {
            return exitCode.get();
        } catch (InterruptedException interruption) {
            end();
            throw new CancelledException("the shell was ended", interruption);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new CancelledException("the shell was ended", failure.getCause());
        }
    }

    /** Ends the work, and waits until it has ended. */
    void end() {
        if (!interrupted.getAndSet(true)) {
            thread.interrupt();
        }
        exitCode.handle((_, _) -> null).join();
    }
}
