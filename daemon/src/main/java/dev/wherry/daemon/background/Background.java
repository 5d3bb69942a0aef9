package dev.wherry.daemon.background;

import dev.wherry.daemon.error.WherryException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Runs work that nobody waits for, each task on a virtual thread with a name. A task that fails is logged under its
 * name, whatever it throws: no failure disappears with its thread.
 */
public final class Background {

    private static final Logger LOG = Logger.getLogger(Background.class);

    private static final Set<Thread> TO_FINISH = ConcurrentHashMap.newKeySet();

    private Background() {}

    /** Work that may fail in any way. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /**
     * Starts a task.
     *
     * @param name of the thread, and of the task in the log: what is done, and for what
     * @return the thread, to interrupt or join
     */
    public static Thread start(String name, Task task) {
        return Thread.ofVirtual().name(name).start(() -> run(name, task));
    }

    /**
     * Starts a task that the end of the daemon waits for: short work that would be left to the next daemon otherwise, and
     * that needs the stores.
     *
     * @param name as of {@link #start}
     * @return the thread, to interrupt or join
     */
    public static Thread finish(String name, Task task) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                run(name, task);
            } finally {
                TO_FINISH.remove(Thread.currentThread());
            }
        });
        TO_FINISH.add(thread);
        thread.start();
        return thread;
    }

    /**
     * Runs a task to its end, even if whoever waits for it goes: an interruption ends the wait alone. Throws what the task
     * threw, which is logged if nobody waits any more.
     *
     * @param name as of {@link #start}
     * @param within runs what it is given on the same thread, as by order of whoever waits
     */
    public static void complete(String name, Consumer<Runnable> within, Task task) throws InterruptedException {
        FutureTask<Void> whole = new FutureTask<>(() -> {
            task.run();
            return null;
        });
        AtomicBoolean left = new AtomicBoolean();
        start(name, () -> {
            within.accept(whole);
            if (left.get()) {
                join(whole);
            }
        });
        try {
            whole.get();
        } catch (InterruptedException gone) {
            left.set(true);
            throw gone;
        } catch (ExecutionException failure) {
            throw known(failure);
        }
    }

    private static RuntimeException known(ExecutionException failure) {
        return failure.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure.getCause());
    }

    /**
     * Waits for what {@link #finish} started, and for what that starts in turn.
     *
     * @param patience after which it waits no longer
     * @return whether all is done
     */
    public static boolean awaitFinished(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!TO_FINISH.isEmpty()) {
            for (Thread thread : TO_FINISH) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (!left.isPositive()) {
                    return false;
                }
                thread.join(left);
            }
        }
        return true;
    }

    /**
     * Waits for a task that takes a moment only and whose end must be known: an interruption waits too. Throws what the
     * task threw.
     */
    public static void join(Future<Void> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failure) {
                    throw known(failure);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void run(String name, Task task) {
        try {
            task.run();
        } catch (InterruptedException end) {
            // Whoever interrupts a task has no use for it any more.
        } catch (WherryException failure) {
            LOG.warnf("%s: %s", name, failure.getMessage());
        } catch (Throwable failure) {
            LOG.errorf(failure, "%s failed unexpectedly", name);
        }
    }
}
