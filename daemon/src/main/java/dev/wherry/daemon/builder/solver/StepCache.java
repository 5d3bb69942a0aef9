package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.CacheRecord;
import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.builder.explain.CacheMiss;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The cache as one build uses it: what the build found or made is held by its lease. */
public final class StepCache {

    private final CacheStore cache;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final boolean noCache;
    private final Set<String> uncachedStages;
    private final RemoteSteps remote;

    /**
     * @param remote the caches of other builds that are asked when the own one has no record
     * @param uncachedStages names of stages of which nothing is taken from the cache
     */
    public StepCache(
            CacheStore cache,
            Snapshotter snapshotter,
            RemoteSteps remote,
            Lease lease,
            boolean noCache,
            Set<String> uncachedStages) {
        this.cache = cache;
        this.snapshotter = snapshotter;
        this.remote = remote;
        this.lease = lease;
        this.noCache = noCache;
        this.uncachedStages = uncachedStages;
    }

    /** The cache for one step. */
    StepCache of(Step step) {
        return !noCache && uncachedStages.contains(step.place().orElseThrow().stage())
                ? new StepCache(cache, snapshotter, remote, lease, true, Set.of())
                : this;
    }

    /** Whether the build takes nothing from the cache. */
    boolean isOff() {
        return noCache;
    }

    Optional<CacheRecord> find(CacheKey key, Optional<SnapshotId> parent) {
        return noCache ? Optional.empty() : cache.find(lease, key, parent);
    }

    /** The record of a step in a shared cache, if it has one that goes with the parent. */
    Optional<RemoteRecord> findRemote(CacheKey key, Solved parent) {
        return noCache ? Optional.empty() : remote.find(key, parent);
    }

    /** What a shared cache has that is most like a step that was not found. */
    Optional<CacheMiss.SharedRecord> nearestRemote(CacheKey key, Solved parent) {
        return noCache ? Optional.empty() : remote.nearest(key, parent);
    }

    /** What a user who wants to know is told of a step taken from a shared cache. */
    Optional<String> origin(RemoteRecord record) {
        return remote.tellsHits()
                ? Optional.of("found in the cache " + record.cache().name())
                : Optional.empty();
    }

    /**
     * Brings the files of a step here that a shared cache has.
     *
     * @param inputs a summary of what the step was and read, for its record
     * @return empty when the step has to be done instead
     */
    Optional<SnapshotId> bring(CacheKey key, String inputs, RemoteRecord record, BuildProgress progress) {
        Optional<SnapshotId> brought = remote.bring(record, lease, progress);
        brought.ifPresent(snapshot -> cache.put(key, snapshot, inputs, record.duration(), record.createdAt()));
        return brought;
    }

    /** Takes hold of what was made for this build and others, and says whether it is still there. */
    boolean hold(CacheRecord record) {
        return snapshotter.hold(lease, record.snapshot());
    }

    /**
     * Does a step for all builds that wait for it; looks first whether one has just done it.
     */
    SharedStep.Outcome perform(PreparedStep prepared, Optional<SnapshotId> parent, StepRun run, StepLog log) {
        try (prepared) {
            parent.ifPresent(below -> snapshotter.hold(run.lease(), below));
            Optional<CacheRecord> known = noCache ? Optional.empty() : cache.find(run.lease(), prepared.key(), parent);
            if (known.isPresent()) {
                return new SharedStep.Outcome(known.get(), true);
            }
            Optional<CacheRecord> moved = moved(prepared, parent, run.lease());
            if (moved.isPresent()) {
                return new SharedStep.Outcome(moved.get(), true);
            }
            log.started();
            long start = System.nanoTime();
            SnapshotId snapshot = prepared.work().perform(prepared.key(), run);
            Duration duration = Duration.ofNanos(System.nanoTime() - start);
            String read = prepared.recorded().json();
            prepared.work().layerKey().ifPresent(key -> cache.put(key, snapshot, read, duration));
            return new SharedStep.Outcome(cache.put(prepared.key(), snapshot, read, duration), false);
        }
    }

    /** The layer of a step that lies on another parent, put on this one. */
    private Optional<CacheRecord> moved(PreparedStep prepared, Optional<SnapshotId> parent, Lease lease) {
        if (noCache || prepared.work().layerKey().isEmpty()) {
            return Optional.empty();
        }
        return cache.findLayer(lease, prepared.work().layerKey().get()).map(layer -> {
            SnapshotId moved = snapshotter.copyOnto(lease, layer.snapshot(), parent);
            return cache.put(prepared.key(), moved, prepared.recorded().json(), layer.duration());
        });
    }
}
