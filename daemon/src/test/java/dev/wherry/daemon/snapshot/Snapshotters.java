package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.PrivateStores;

/** Opens snapshotters for tests of other packages. */
public final class Snapshotters {

    private Snapshotters() {}

    public static Snapshotter open(PrivateStores stores) {
        return new Snapshotter(stores.database, stores.layout, stores.leases);
    }
}
