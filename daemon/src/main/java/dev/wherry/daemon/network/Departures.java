package dev.wherry.daemon.network;

import dev.wherry.daemon.error.ConflictException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Owners of namespaces that have ended, and have not given their addresses and ports back yet. Nobody sees them on a
 * network any more, and what they are in the way of waits for them.
 */
public final class Departures {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();
    private final Set<String> leaving = new HashSet<>();

    /** An owner has ended: it gives its addresses and ports back soon. */
    public void begin(String owner) {
        lock.lock();
        try {
            leaving.add(owner);
        } finally {
            lock.unlock();
        }
    }

    /** An owner has nothing left, or keeps what it could not give back. */
    public void end(String owner) {
        lock.lock();
        try {
            leaving.remove(owner);
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLeaving(NamespaceOwner owner) {
        lock.lock();
        try {
            return leaving.contains(owner.id());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what needs an address, a port or a network that nobody has; once more if an owner that has ended, and has not
     * given back what it had, was in the way.
     *
     * @throws ConflictException when another one is
     */
    public <T> T after(Supplier<T> work) {
        try {
            return work.get();
        } catch (ConflictException taken) {
            if (!await()) {
                throw taken;
            }
            return work.get();
        }
    }

    /** Waits for the owners that are leaving at this moment; false if there is none. */
    private boolean await() {
        lock.lock();
        try {
            Set<String> waited = Set.copyOf(leaving);
            while (waited.stream().anyMatch(leaving::contains)) {
                gone.awaitUninterruptibly();
            }
            return !waited.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
