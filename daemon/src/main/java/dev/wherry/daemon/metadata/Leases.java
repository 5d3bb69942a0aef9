package dev.wherry.daemon.metadata;

import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Leases protect work in progress from the garbage collector: what a build or a pull has made or found, and what no
 * reference, container or cache record names yet. They live in memory, because nothing in progress survives the daemon.
 */
@Singleton
public final class Leases {

    private final Set<Lease> open = ConcurrentHashMap.newKeySet();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** A lease that holds nothing yet. Close it when what it held is named by the database or no longer wanted. */
    public Lease open() {
        Lease lease = new Lease();
        open.add(lease);
        return lease;
    }

    /**
     * Runs a collection with what is held at this moment. No lease can take hold of anything meanwhile, so that what
     * the collection finds unheld stays so until it returns.
     */
    public <T> T collecting(Function<Set<Object>, T> collection) {
        lock.writeLock().lock();
        try {
            Set<Object> held = new HashSet<>();
            open.forEach(lease -> held.addAll(lease.held));
            return collection.apply(held);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** One holder: a build, a pull, an import, the creation of a container. */
    public final class Lease implements AutoCloseable {

        private final Set<Object> held = ConcurrentHashMap.newKeySet();

        private Lease() {}

        /** Takes hold of what {@code find} returns, looked up while no collection runs. */
        public <T> T hold(Supplier<T> find) {
            lock.readLock().lock();
            try {
                T found = find.get();
                held.add(found);
                return found;
            } finally {
                lock.readLock().unlock();
            }
        }

        /** Takes hold of something if it still exists, and says whether it does. */
        public boolean holdIf(Object resource, BooleanSupplier exists) {
            lock.readLock().lock();
            try {
                return exists.getAsBoolean() && (held.add(resource) || true);
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }
}
