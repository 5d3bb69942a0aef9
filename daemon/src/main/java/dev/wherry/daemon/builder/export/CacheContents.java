package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.remote.RemoteLayer;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.builder.cache.remote.WrittenStep;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps of a solved plan as a cache has them, and where the bytes of their layers are. */
final class CacheContents {

    private final Solver solver;
    private final Snapshotter snapshotter;
    private final CacheStore records;
    private final Set<Vertex> ofResult = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Vertex> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final boolean max;
    private final List<WrittenStep> steps = new ArrayList<>();
    private final Map<Digest, Layer> layers = new LinkedHashMap<>();

    /** Where the bytes of a layer are. */
    sealed interface Layer {
        /** In a snapshot. */
        record Here(SnapshotId snapshot, LayerDiff diff) implements Layer {}

        /** In a cache that the step was taken from, and nowhere else. */
        record Elsewhere(Descriptor blob, BlobProvider source) implements Layer {}
    }

    private CacheContents(Solver solver, Snapshotter snapshotter, CacheStore records, boolean max) {
        this.solver = solver;
        this.snapshotter = snapshotter;
        this.records = records;
        this.max = max;
    }

    /** @param max also the layers of steps that are not below the result, but in other stages */
    static CacheContents of(
            List<Vertex> tops, Solver solver, Snapshotter snapshotter, CacheStore records, boolean max) {
        CacheContents contents = new CacheContents(solver, snapshotter, records, max);
        for (Vertex top : tops) {
            for (Vertex at = top; at != null; at = at instanceof Vertex.Derived step ? step.parent() : null) {
                contents.ofResult.add(at);
            }
        }
        tops.forEach(contents::visit);
        return contents;
    }

    /** Each after those that it begins with and reads from. */
    List<WrittenStep> steps() {
        return steps;
    }

    /** The layers of all steps, by diff ID. */
    Map<Digest, Layer> layers() {
        return layers;
    }

    private void visit(Vertex vertex) {
        if (!seen.add(vertex)) {
            return;
        }
        vertex.parents().forEach(this::visit);
        Solved solved = solver.result(vertex);
        boolean written = vertex instanceof Vertex.Derived && (max || ofResult.contains(vertex));
        Optional<CacheStore.Details> details =
                vertex instanceof Vertex.Derived ? records.details(solved.key()) : Optional.empty();
        Optional<RemoteRecord> remote = solved.remote();
        steps.add(new WrittenStep(
                solved.key().value(),
                vertex.parents().stream()
                        .map(parent -> solver.result(parent).key().value())
                        .toList(),
                written ? chain(solved) : List.of(),
                Optional.of(solved.key().definition()),
                solved.createdAt().orElse(Instant.EPOCH),
                details.map(CacheStore.Details::duration)
                        .or(() -> remote.map(RemoteRecord::duration))
                        .orElse(Duration.ZERO),
                details.map(CacheStore.Details::inputs).or(() -> remote.flatMap(RemoteRecord::inputs)),
                solved.contents()));
    }

    private List<Digest> chain(Solved solved) {
        List<Digest> chain = new ArrayList<>();
        if (!solved.isHere()) {
            RemoteRecord record = solved.remote().orElseThrow();
            for (RemoteLayer layer : record.layers().orElse(List.of())) {
                layers.putIfAbsent(
                        layer.diffId(),
                        new Layer.Elsewhere(layer.blob(), record.cache().blobs()));
                chain.add(layer.diffId());
            }
            return chain;
        }
        for (SnapshotId snapshot : solved.snapshot().map(snapshotter::chain).orElse(List.of())) {
            LayerDiff diff = snapshotter.diff(snapshot);
            layers.put(diff.diffId(), new Layer.Here(snapshot, diff));
            chain.add(diff.diffId());
        }
        return chain;
    }
}
