package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.StatusResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a build says of its progress, for clients that watch it. A client gets what was said since the first of them came;
 * what all have got is forgotten, and a build waits for clients that are far behind.
 */
final class StatusLog {

    private static final int MOST_BYTES = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<StatusResponse> said = new ArrayList<>();
    private final Set<Watcher> watchers = new HashSet<>();
    private long forgotten;
    private long bytes;
    private boolean ended;

    /** Says something; what nobody comes to hear is left out in the end. */
    void say(StatusResponse status) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (bytes > MOST_BYTES && !watchers.isEmpty()) {
                changed.await();
            }
            if (ended || bytes > MOST_BYTES && status.getVertexesCount() == 0) {
                return;
            }
            said.add(status);
            bytes += status.getSerializedSize();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The build has ended. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the build has ended, and somebody has heard of it. */
    boolean isOver() {
        lock.lock();
        try {
            return ended && forgotten > 0;
        } finally {
            lock.unlock();
        }
    }

    Watcher watch() {
        lock.lock();
        try {
            Watcher watcher = new Watcher(forgotten);
            watchers.add(watcher);
            return watcher;
        } finally {
            lock.unlock();
        }
    }

    private void forget() {
        long first = watchers.stream().mapToLong(watcher -> watcher.next).min().orElse(forgotten);
        while (forgotten < first && !said.isEmpty()) {
            bytes -= said.removeFirst().getSerializedSize();
            forgotten++;
        }
        changed.signalAll();
    }

    /** One client that watches. */
    final class Watcher implements AutoCloseable {

        private long next;

        private Watcher(long next) {
            this.next = next;
        }

        /** What is said next; empty when the build has ended. */
        Optional<StatusResponse> next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (next - forgotten >= said.size() && !ended) {
                    changed.await();
                }
                if (next - forgotten >= said.size()) {
                    return Optional.empty();
                }
                StatusResponse status = said.get((int) (next - forgotten));
                next++;
                forget();
                return Optional.of(status);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watchers.remove(this);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
