package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.LayerUnpacking;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Makes snapshots from tar streams. A stream is unpacked into an active snapshot without a parent, and becomes a layer
 * when what is below it is known: its whiteouts are made then, and it gets the number of a snapshot on that parent. A
 * stream that fails leaves nothing.
 */
final class LayerIntake {

    private final Snapshotter snapshots;
    private final SnapshotTable table;
    private final SnapshotFolders folders;
    private final UnpackLimits limits;
    private final KeyedLock<Digest> chains = new KeyedLock<>();

    LayerIntake(Snapshotter snapshots, SnapshotTable table, SnapshotFolders folders, UnpackLimits limits) {
        this.snapshots = snapshots;
        this.table = table;
        this.folders = folders;
        this.limits = limits;
    }

    SnapshotId unpack(Lease lease, Optional<SnapshotId> parent, InputStream tar, Digest diffId) {
        Optional<Digest> below = parent.flatMap(table::chainId);
        if (parent.isPresent() && below.isEmpty()) {
            return commit(lease, parent, receive(lease, tar, Optional.of(diffId)));
        }
        Digest chainId = ChainId.of(below, diffId);
        return chains.alone(
                chainId,
                () -> snapshots
                        .find(lease, chainId)
                        .orElseGet(() -> commit(lease, parent, receive(lease, tar, Optional.of(diffId)))));
    }

    SnapshotId importTar(Lease lease, InputStream tar) {
        ReceivedLayer layer = receive(lease, tar, Optional.empty());
        if (!layer.ended()) {
            throw snapshots.abandon(
                    layer.active(),
                    new CorruptContentException("the tar stream breaks off: the mark that ends an archive is missing"));
        }
        return commit(lease, Optional.empty(), layer);
    }

    ReceivedLayer receive(Lease lease, InputStream tar, Optional<Digest> diffId) {
        SnapshotId active = snapshots.prepare(lease, Optional.empty());
        try {
            VerifyingInput in = new VerifyingInput(tar, diffId);
            TarReader reader = new TarReader(in, limits.headerBytes());
            LayerUnpacking unpacking = new LayerUnpacking(folders.fs(active), limits);
            unpacking.run(reader);
            ReceivedLayer layer = new ReceivedLayer(active, unpacking, reader, in.verifyToEnd(limits.bytes()));
            return diffId.map(layer::withDiffId).orElse(layer);
        } catch (RuntimeException failure) {
            throw snapshots.abandon(active, failure);
        }
    }

    SnapshotId place(Lease lease, Optional<SnapshotId> parent, ReceivedLayer layer) {
        Optional<Digest> below = parent.flatMap(table::chainId);
        if (layer.diffId().isEmpty() || parent.isPresent() && below.isEmpty()) {
            return commit(lease, parent, layer);
        }
        Digest chainId = ChainId.of(below, layer.diffId().get());
        return chains.alone(chainId, () -> {
            Optional<SnapshotId> here = snapshots.find(lease, chainId);
            here.ifPresent(_ -> snapshots.discard(layer));
            return here.orElseGet(() -> commit(lease, parent, layer));
        });
    }

    /** A layer on a parent gets a number of its own, since numbers of parents are lower than those of their children. */
    private SnapshotId commit(Lease lease, Optional<SnapshotId> parent, ReceivedLayer layer) {
        SnapshotId placed;
        try {
            layer.unpacking().settle(snapshots.lower(parent));
            placed = parent.isPresent() ? snapshots.prepare(lease, parent) : layer.active();
        } catch (RuntimeException failure) {
            throw snapshots.abandon(layer.active(), failure);
        }
        try {
            if (!placed.equals(layer.active())) {
                move(layer, placed);
            }
            snapshots.commit(placed, layer.diff());
            return placed;
        } catch (IOException failure) {
            throw abandon(layer, placed, StorageFailure.of("cannot place a layer", failure));
        } catch (RuntimeException failure) {
            throw abandon(layer, placed, failure);
        }
    }

    private void move(ReceivedLayer layer, SnapshotId placed) throws IOException {
        if (!layer.unpacking().describesRoot()) {
            folders.likeRoot(placed, layer.active());
        }
        folders.take(layer.active(), placed);
        table.deleteActive(layer.active());
    }

    private RuntimeException abandon(ReceivedLayer layer, SnapshotId placed, RuntimeException reason) {
        return snapshots.abandon(layer.active(), snapshots.abandon(placed, reason));
    }
}
