package dev.wherry.daemon.builder.context;

import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Who uses the copies of contexts: a build that reads one holds its read lock, and what changes one its write lock. */
@Singleton
final class ContextLocks {

    private final Map<Path, ReentrantReadWriteLock> locks = new ConcurrentHashMap<>();

    /** @param copy the folder of the copy */
    ReentrantReadWriteLock of(Path copy) {
        return locks.computeIfAbsent(copy, unused -> new ReentrantReadWriteLock());
    }

    boolean isUsed(Path copy) {
        ReentrantReadWriteLock lock = of(copy);
        return lock.isWriteLocked() || lock.getReadLockCount() > 0;
    }
}
