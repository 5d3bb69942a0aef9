package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Removes snapshots that nothing holds, row and folder. Looking at all of them and removing many files takes long, and
 * nobody who removed an image need wait for it: numbers are never used again, and what is left when the daemon ends is
 * found at the next start.
 */
final class DeadFolders {

    private static final Logger LOG = Logger.getLogger(DeadFolders.class);

    /** Who removes one image often removes more: they share one look at all snapshots. */
    private static final Duration GATHERING = Duration.ofMillis(200);

    private final SnapshotFolders folders;
    private final SnapshotGarbage garbage;
    private final Leases leases;
    private final ReentrantLock removing = new ReentrantLock();
    /** Whether a thread is waiting to begin, which will find what is dead by then. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    DeadFolders(SnapshotFolders folders, SnapshotGarbage garbage, Leases leases) {
        this.leases = leases;
        this.folders = folders;
        this.garbage = garbage;
    }

    /** Removes them; returns the bytes freed. */
    long remove() {
        removing.lock();
        try {
            leases.collecting(held -> {
                garbage.delete(held);
                return null;
            });
            long bytes = 0;
            for (SnapshotId id : garbage.withoutRow(folders.list())) {
                bytes += remove(id);
            }
            return bytes;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot list snapshots", failure);
        } finally {
            removing.unlock();
        }
    }

    /** Removes them in a virtual thread, of which the end of the daemon takes no notice. */
    void removeInBackground() {
        if (waiting.compareAndSet(false, true)) {
            Thread.ofVirtual().name("remove-snapshots").start(this::removeAlone);
        }
    }

    private void removeAlone() {
        try {
            Thread.sleep(GATHERING);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        removing.lock();
        try {
            waiting.set(false);
            remove();
        } catch (RuntimeException failure) {
            LOG.warnf("%s; it is tried again at the next start", failure.getMessage());
        } finally {
            removing.unlock();
        }
    }

    private long remove(SnapshotId id) {
        try {
            return folders.remove(id);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove snapshot " + id, failure);
        }
    }
}
