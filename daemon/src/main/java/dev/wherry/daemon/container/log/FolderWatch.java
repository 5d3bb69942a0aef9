package dev.wherry.daemon.container.log;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the threads that wait for a change in a folder. All share one inotify instance, of which the kernel allows few. */
final class FolderWatch {

    /** Changes within this time wake a reader once: a program that writes much must not wake readers at each write. */
    private static final long GATHERED_MILLIS = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, Watched> watched = new HashMap<>();
    private WatchService service;

    private static final class Watched {
        private final Condition changed;
        private WatchKey key;
        private int users;
        private long changes;

        Watched(Condition changed) {
            this.changed = changed;
        }
    }

    /** One reader that waits for changes until it is closed. */
    final class Waiting implements AutoCloseable {
        private final Path folder;
        private final Watched on;
        private long seen;

        private Waiting(Path folder, Watched on) {
            this.folder = folder;
            this.on = on;
            this.seen = on.changes;
        }

        /** Waits until something has changed since the last call, or until the time has passed. */
        void await(long millis) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                if (on.changes == seen) {
                    on.changed.await(millis, TimeUnit.MILLISECONDS);
                }
                seen = on.changes;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (--on.users == 0) {
                    watched.remove(folder);
                    if (on.key != null) {
                        on.key.cancel();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Begins to watch a folder. Where the kernel refuses, only the time limit ends a wait. */
    Waiting on(Path folder) {
        lock.lock();
        try {
            Watched on = watched.computeIfAbsent(folder, absent -> new Watched(lock.newCondition()));
            if (on.key == null) {
                register(folder, on);
            }
            on.users++;
            return new Waiting(folder, on);
        } finally {
            lock.unlock();
        }
    }

    private void register(Path folder, Watched on) {
        try {
            if (service == null) {
                service = folder.getFileSystem().newWatchService();
                WatchService started = service;
                Thread.ofVirtual().name("folder-watch").start(() -> tell(started));
            }
            on.key = folder.register(
                    service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (IOException refused) {
            // Those who wait look again when their time is over.
        }
    }

    private void tell(WatchService from) {
        try {
            while (true) {
                WatchKey key = from.take();
                Thread.sleep(GATHERED_MILLIS);
                key.pollEvents();
                key.reset();
                lock.lock();
                try {
                    Watched on = watched.get((Path) key.watchable());
                    if (on != null) {
                        on.changes++;
                        on.changed.signalAll();
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException over) {
            // The daemon ends.
        }
    }
}
