package dev.wherry.daemon.image;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.Optional;

/**
 * An image in the store.
 *
 * @param id digest of the config's bytes
 * @param manifest digest of the manifest's bytes
 * @param config how it runs and what it is made of
 * @param snapshot its file system; empty for an image without layers
 * @param size bytes of all files in all layers
 */
public record Image(Digest id, Digest manifest, ImageConfig config, Optional<SnapshotId> snapshot, long size) {

    /** What it is made for. */
    public Platform platform() {
        return config.platform();
    }

    /** Takes hold of everything that it consists of; false when it is being removed. */
    public boolean hold(Lease lease, ContentStore content, Snapshotter snapshotter) {
        return snapshot.map(top -> snapshotter.hold(lease, top)).orElse(true)
                && lease.holdIf(id, () -> content.contains(id))
                && lease.holdIf(manifest, () -> content.contains(manifest));
    }
}
