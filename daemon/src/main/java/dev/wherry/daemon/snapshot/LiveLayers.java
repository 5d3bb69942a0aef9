package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.layer.ChangedPath;
import dev.wherry.daemon.snapshot.layer.LayerChanges;
import dev.wherry.daemon.snapshot.layer.LayerCopy;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks into active snapshots while they are mounted and written, without disturbing who writes. */
@Singleton
public final class LiveLayers {

    private final Snapshotter snapshotter;

    public LiveLayers(Snapshotter snapshotter) {
        this.snapshotter = snapshotter;
    }

    /**
     * What a snapshot changed in what is below it, in the order of the paths.
     *
     * @param stubs absolute paths where something may have been made only for mounts to cover it: left out while empty
     */
    public List<ChangedPath> changes(SnapshotId active, Set<Path> stubs) {
        try (Handle top = Handle.folder(snapshotter.folder(active))) {
            return new LayerChanges(lower(active), stubs).find(top);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read snapshot " + active, failure);
        }
    }

    /**
     * Copies the files of an active snapshot into a new committed one on the same parent, held by the lease.
     *
     * @param stubs as above
     */
    public SnapshotId copy(Lease lease, SnapshotId active, Set<Path> stubs) {
        List<SnapshotId> chain = snapshotter.chain(active);
        Optional<SnapshotId> parent = chain.size() > 1 ? Optional.of(chain.get(chain.size() - 2)) : Optional.empty();
        SnapshotId copy = snapshotter.prepare(lease, parent);
        try (Handle from = Handle.folder(snapshotter.folder(active))) {
            new LayerCopy(lower(active), stubs).run(from, snapshotter.folder(copy));
            snapshotter.commit(copy);
            return copy;
        } catch (IOException failure) {
            snapshotter.discard(copy);
            throw StorageFailure.of("cannot copy snapshot " + active, failure);
        } catch (RuntimeException failure) {
            snapshotter.discard(copy);
            throw failure;
        }
    }

    private LowerLayers lower(SnapshotId active) {
        List<SnapshotId> chain = snapshotter.chain(active);
        return new LowerLayers(chain.subList(0, chain.size() - 1).reversed().stream()
                .map(snapshotter::folder)
                .toList());
    }
}
