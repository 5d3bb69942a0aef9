package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.error.CancelledException;

/**
 * Keeps a build that has failed from ending while its user looks at the step that failed first. Steps that fail meanwhile
 * wait, and the build ends with the first failure.
 */
public final class FailurePause {

    private RuntimeException first;
    private boolean over;

    /** Does something before the build ends with this failure; nothing when an earlier failure does so already. */
    public void during(RuntimeException failure, Runnable action) {
        synchronized (this) {
            if (first != null) {
                return;
            }
            first = failure;
        }
        try {
            action.run();
        } finally {
            synchronized (this) {
                over = true;
                notifyAll();
            }
        }
    }

    /**
     * Waits until the build may end; a build that is cancelled does not wait.
     *
     * @return the failure that the build ends with
     */
    synchronized RuntimeException end(RuntimeException failure) {
        if (failure instanceof CancelledException) {
            return failure;
        }
        try {
            while (first != null && !over) {
                wait();
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return failure;
        }
        return first == null ? failure : first;
    }
}
