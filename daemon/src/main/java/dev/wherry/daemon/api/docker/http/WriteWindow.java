package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.error.CancelledException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How much has been handed to a connection that it has not taken yet: who writes waits while that is a lot. */
final class WriteWindow {

    private static final int MOST_BYTES = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int outstanding;
    private boolean closed;

    /**
     * Waits for room, and takes it.
     *
     * @throws CancelledException when the connection has closed, or the thread is interrupted
     */
    void take(int bytes) {
        lock.lock();
        try {
            while (!closed && outstanding > 0 && outstanding + bytes > MOST_BYTES) {
                changed.await();
            }
            if (closed) {
                throw new CancelledException("the client went away");
            }
            outstanding += bytes;
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        } finally {
            lock.unlock();
        }
    }

    /** The connection has taken them, or never will. */
    void give(int bytes, boolean written) {
        lock.lock();
        try {
            outstanding -= bytes;
            closed |= !written;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
