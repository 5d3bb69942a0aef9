package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.remote.RemoteCaches;
import dev.wherry.daemon.builder.cache.remote.RemoteLayer;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.builder.explain.CacheMiss;
import dev.wherry.daemon.builder.explain.StepInputs;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.LayerTransfers;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.pull.LayerFetch;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.List;
import java.util.Optional;

/**
 * The steps that one build takes from shared caches. A record is found by the key of the step; its layers are fetched
 * when the files are needed, all that are missing at once. Each layer is verified against its digest and its diff ID, and
 * lies on the very layers that the record was made on.
 */
public final class RemoteSteps {

    private final RemoteCaches caches;
    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final boolean tellsHits;

    /** @param tellsHits whether the user wants to know which cache a step was taken from */
    public RemoteSteps(RemoteCaches caches, Snapshotter snapshotter, ContentStore content, boolean tellsHits) {
        this.caches = caches;
        this.tellsHits = tellsHits;
        this.snapshotter = snapshotter;
        this.content = content;
    }

    Optional<RemoteRecord> find(CacheKey key, Solved parent) {
        return caches.isEmpty() ? Optional.empty() : caches.find(key.value(), () -> layers(parent));
    }

    /** What a shared cache has that is most like a step that was not found. */
    Optional<CacheMiss.SharedRecord> nearest(CacheKey key, Solved parent) {
        return caches.nearest(key, parent.key().value())
                .map(record -> new CacheMiss.SharedRecord(
                        record.cache().name(),
                        record.key().equals(key.value()),
                        record.inputs().flatMap(StepInputs::parse)));
    }

    /** Whether the user wants to know where a hit comes from. */
    boolean tellsHits() {
        return tellsHits;
    }

    /** The diff IDs of a result, bottom first; empty when it has not been made and no cache has its layers. */
    private Optional<List<Digest>> layers(Solved solved) {
        if (solved.isHere()) {
            return Optional.of(solved.snapshot().map(snapshotter::chain).orElse(List.of()).stream()
                    .map(layer -> snapshotter.diff(layer).diffId())
                    .toList());
        }
        return solved.remote()
                .flatMap(RemoteRecord::layers)
                .map(layers -> layers.stream().map(RemoteLayer::diffId).toList());
    }

    /**
     * The snapshot of a record, brought here as far as it is not; held by the lease.
     *
     * @return empty when the cache has no layers of the step, or cannot give them any more, which is reported
     */
    Optional<SnapshotId> bring(RemoteRecord record, Lease lease, BuildProgress progress) {
        if (record.layers().isEmpty()) {
            return Optional.empty();
        }
        List<RemoteLayer> layers = record.layers().get();
        List<Digest> diffIds = layers.stream().map(RemoteLayer::diffId).toList();
        Optional<SnapshotId> here = snapshotter.find(lease, diffIds);
        if (here.isPresent()) {
            return here;
        }
        try {
            StepProgress step = progress.step(
                    Step.of("loading layers from " + record.cache().name()));
            return step.during(
                    () -> new LayerFetch(record.cache().blobs(), content, snapshotter, lease, new LayerTransfers(step))
                            .run(layers.stream().map(RemoteLayer::blob).toList(), diffIds));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (WherryException lost) {
            progress.warning(Warning.of(
                    "",
                    0,
                    "the cache " + record.cache().name() + " cannot give a layer, so that steps run again: "
                            + lost.getMessage()));
            return Optional.empty();
        }
    }
}
