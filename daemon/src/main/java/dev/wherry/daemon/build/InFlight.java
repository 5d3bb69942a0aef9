package dev.wherry.daemon.build;

import dev.wherry.daemon.build.cache.CacheKey;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The steps that run now, in all builds. A step that another build is doing is waited for; the waiter then finds its
 * record in the cache, or does the step itself when that other build failed or was cancelled.
 */
@Singleton
final class InFlight {

    private final Map<Running, ReentrantLock> running = new ConcurrentHashMap<>();

    private record Running(Digest key, Optional<SnapshotId> parent) {}

    /** Does the work while no other build does the same. */
    Solved once(CacheKey key, Optional<SnapshotId> parent, Supplier<Solved> work) throws InterruptedException {
        Running step = new Running(key.value(), parent);
        ReentrantLock lock = running.computeIfAbsent(step, unused -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return work.get();
        } finally {
            if (!lock.hasQueuedThreads()) {
                running.remove(step, lock);
            }
            lock.unlock();
        }
    }
}
