package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.SnapshotId;
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
}
