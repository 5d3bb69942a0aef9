package dev.wherry.daemon.background;

import dev.wherry.daemon.error.WherryException;
import org.jboss.logging.Logger;

/**
 * Runs work that nobody waits for, each task on a virtual thread with a name. A task that fails is logged under its
 * name, whatever it throws: no failure disappears with its thread.
 */
public final class Background {

    private static final Logger LOG = Logger.getLogger(Background.class);

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
