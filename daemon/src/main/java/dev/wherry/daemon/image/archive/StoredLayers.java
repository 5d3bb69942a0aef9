package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.image.Decompression;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Makes snapshots of layers whose blobs are in the content store. */
final class StoredLayers {

    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Lease lease;

    StoredLayers(ContentStore content, Snapshotter snapshotter, Lease lease) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.lease = lease;
    }

    /**
     * Unpacks what is not unpacked yet, bottom first, and returns the topmost snapshot; empty when there are no layers.
     *
     * @throws dev.wherry.daemon.error.CorruptContentException when a layer does not have its diff ID
     */
    Optional<SnapshotId> unpack(List<Descriptor> layers, List<Digest> diffIds) {
        int here = diffIds.size();
        Optional<SnapshotId> top = Optional.empty();
        while (here > 0 && (top = snapshotter.find(lease, diffIds.subList(0, here))).isEmpty()) {
            here--;
        }
        for (int i = here; i < layers.size(); i++) {
            top = Optional.of(unpack(top, layers.get(i), diffIds.get(i)));
        }
        return top;
    }

    private SnapshotId unpack(Optional<SnapshotId> parent, Descriptor layer, Digest diffId) {
        String what = "layer " + layer.digest().shortHex();
        try (InputStream blob = content.open(layer.digest());
                InputStream tar = Decompression.of(what, blob, _ -> {})) {
            return snapshotter.unpack(lease, parent, tar, diffId);
        } catch (IOException failure) {
            throw new HostException("cannot unpack " + what + ": " + failure.getMessage(), failure);
        }
    }
}
