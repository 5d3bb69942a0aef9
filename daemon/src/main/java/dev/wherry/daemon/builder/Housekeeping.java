package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.builder.cache.GarbagePolicy;
import dev.wherry.daemon.builder.context.DigestFiles;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Keeps the build cache within bounds, in the background: some time after builds, once none runs, and now and then while
 * nobody builds. What it removes goes by the transactions that pruning by hand uses, so that it may be cut short at any
 * point.
 */
@Singleton
public final class Housekeeping {

    private static final Logger LOG = Logger.getLogger(Housekeeping.class);

    /** Builds often come in rows. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    /** To count the files of cache mounts takes time; not after each build of a row. */
    private static final Duration APART = Duration.ofMinutes(5);

    private static final Duration IDLE = Duration.ofHours(1);

    private final CacheUsage cache;
    private final DigestFiles digestFiles;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile GarbagePolicy policy = GarbagePolicy.DEFAULT;
    private int building;
    private boolean wanted;
    private boolean policyIsNew;
    private long lastBuildNanos;
    private Thread thread;

    Housekeeping(CacheUsage cache, DigestFiles digestFiles) {
        this.cache = cache;
        this.digestFiles = digestFiles;
    }

    /** Sets what may stay, and looks soon. */
    public void use(GarbagePolicy wantedPolicy) {
        lock.lock();
        try {
            policyIsNew = !wantedPolicy.equals(policy);
            policy = wantedPolicy;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A build that runs: nothing is removed until it is closed. */
    interface Busy extends AutoCloseable {
        @Override
        void close();
    }

    Busy building() {
        lock.lock();
        try {
            building++;
            if (thread == null) {
                thread = Thread.ofVirtual().name("housekeeping").start(this::run);
            }
        } finally {
            lock.unlock();
        }
        return this::built;
    }

    private void built() {
        lock.lock();
        try {
            building--;
            wanted = true;
            lastBuildNanos = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end(@Observes ShutdownEvent stop) {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                awaitTime();
                collect();
                awaitApart();
            }
        } catch (InterruptedException ended) {
            LOG.debug("the daemon ends");
        }
    }

    /** Returns when something was built and nothing is any more, or after a long time. */
    private void awaitTime() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long idle = IDLE.toNanos();
            while (!(wanted && building == 0) && idle > 0) {
                idle = changed.awaitNanos(idle);
            }
            long quiet = QUIET.toNanos();
            while (building > 0 || quiet > 0) {
                quiet = building > 0 ? QUIET.toNanos() : quiet;
                changed.awaitNanos(quiet);
                quiet = QUIET.toNanos() - (System.nanoTime() - lastBuildNanos);
            }
            wanted = false;
        } finally {
            lock.unlock();
        }
    }

    private void awaitApart() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = APART.toNanos();
            while (left > 0 && !policyIsNew) {
                left = changed.awaitNanos(left);
            }
            wanted |= policyIsNew;
            policyIsNew = false;
        } finally {
            lock.unlock();
        }
    }

    private void collect() {
        GarbagePolicy now = policy;
        if (!now.enabled()) {
            return;
        }
        try {
            List<CacheEntry> removed = cache.collect(now);
            digestFiles.forget(Instant.now().minus(now.unusedFor()));
            if (!removed.isEmpty()) {
                long bytes = removed.stream().mapToLong(CacheEntry::sizeBytes).sum();
                LOG.infof("removed %d entries of the build cache, %d MB", removed.size(), bytes / 1_000_000);
            }
        } catch (RuntimeException failure) {
            LOG.warnf("cannot clear the build cache: %s", failure.getMessage());
        }
    }
}
