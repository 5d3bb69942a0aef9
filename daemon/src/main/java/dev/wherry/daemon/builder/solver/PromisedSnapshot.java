package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The file system of a step whose result is known but not here: it is brought, or made, when its files are first needed. */
final class PromisedSnapshot {

    private final Supplier<SnapshotId> making;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile SnapshotId made;

    PromisedSnapshot(Supplier<SnapshotId> making) {
        this.making = making;
    }

    /** The snapshot, if somebody has needed it. */
    Optional<SnapshotId> ready() {
        return Optional.ofNullable(made);
    }

    /** The snapshot; who comes while it is made waits for it. */
    SnapshotId get() {
        if (made == null) {
            lock.lock();
            try {
                if (made == null) {
                    made = making.get();
                }
            } finally {
                lock.unlock();
            }
        }
        return made;
    }
}
