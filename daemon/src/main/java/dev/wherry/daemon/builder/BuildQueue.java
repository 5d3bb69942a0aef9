package dev.wherry.daemon.builder;

import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.CancelledException;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets only as many builds of one owner run at once as its quota says. Further builds wait in the order in which they came,
 * which is a step of its own for their clients; one that is cancelled leaves the queue.
 */
@Singleton
public final class BuildQueue {

    private final Quotas quotas;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<String, Line> lines = new HashMap<>();

    public BuildQueue(Quotas quotas) {
        this.quotas = quotas;
    }

    /** The builds of one owner: how many run, and those that wait, each known by an object of its own. */
    private static final class Line {
        private final Deque<Object> waiting = new ArrayDeque<>();
        private int running;

        boolean isIdle() {
            return running == 0 && waiting.isEmpty();
        }
    }

    /** The permission to build, until it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the turn of a build.
     *
     * @throws CancelledException when interrupted
     */
    Turn await(Quota quota, BuildProgress progress) {
        if (quota.builds() == 0) {
            return () -> {};
        }
        String owner = quota.owner();
        Object build = new Object();
        int ahead;
        lock.lock();
        try {
            Line line = lines.computeIfAbsent(owner, _ -> new Line());
            line.waiting.add(build);
            if (take(owner, line, build)) {
                return () -> end(owner);
            }
            // The bound may have risen since the first one began to wait.
            moved.signalAll();
            ahead = line.running + line.waiting.size() - 1;
        } finally {
            lock.unlock();
        }
        Step step = Step.of("waiting for " + ahead + (ahead == 1 ? " build" : " builds") + " of " + owner
                + ", of which " + quota.builds() + " may run at once");
        try {
            progress.step(step).during(() -> awaitTurn(owner, build));
            return () -> end(owner);
        } catch (RuntimeException failure) {
            leave(owner, build);
            throw failure;
        }
    }

    /** Whether a build may run now; it is then one of those that do. */
    private boolean take(String owner, Line line, Object build) {
        int most = quotas.of(owner).builds();
        if (line.waiting.peek() != build || most != 0 && line.running >= most) {
            return false;
        }
        line.waiting.remove();
        line.running++;
        // The next one may run too.
        moved.signalAll();
        return true;
    }

    private void awaitTurn(String owner, Object build) {
        try {
            lock.lockInterruptibly();
            try {
                Line line = lines.get(owner);
                while (!take(owner, line, build)) {
                    moved.await();
                }
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    /** Takes a build out of the queue, or out of those that run if its turn came meanwhile. */
    private void leave(String owner, Object build) {
        lock.lock();
        try {
            if (!lines.get(owner).waiting.remove(build)) {
                end(owner);
                return;
            }
            forgetIdle(owner);
        } finally {
            lock.unlock();
        }
    }

    private void end(String owner) {
        lock.lock();
        try {
            lines.get(owner).running--;
            forgetIdle(owner);
        } finally {
            lock.unlock();
        }
    }

    private void forgetIdle(String owner) {
        if (lines.get(owner).isIdle()) {
            lines.remove(owner);
        }
        moved.signalAll();
    }

    /** How many builds wait. */
    public int waiting() {
        lock.lock();
        try {
            return lines.values().stream().mapToInt(line -> line.waiting.size()).sum();
        } finally {
            lock.unlock();
        }
    }
}
