package dev.wherry.daemon.build;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the image of a solved plan. All times in it are those of the cache records, so that a build of nothing but hits
 * gives the very image of the time before.
 */
final class Exporter {

    private static final String COMMENT = "wherry.dockerfile.v1";

    private final ImageStore images;
    private final Snapshotter snapshotter;

    Exporter(ImageStore images, Snapshotter snapshotter) {
        this.images = images;
        this.snapshotter = snapshotter;
    }

    Image export(Plan plan, Solver solver, List<Reference> tags) {
        Optional<SnapshotId> top = solver.result(plan.top()).snapshot();
        List<LayerDiff> layers = top.map(this::layers).orElse(List.of());
        Instant latest = Instant.EPOCH;
        List<ImageConfig.History> history = new ArrayList<>();
        for (HistoryLine line : plan.history()) {
            switch (line) {
                case HistoryLine.Inherited inherited -> {
                    history.add(inherited.entry());
                    latest = later(latest, time(inherited.entry().created()));
                }
                case HistoryLine.Layer layer -> {
                    latest = later(latest, solver.result(layer.vertex()).createdAt());
                    history.add(new ImageConfig.History(latest.toString(), layer.createdBy(), null, COMMENT, null));
                }
                case HistoryLine.Metadata change ->
                    history.add(new ImageConfig.History(latest.toString(), change.createdBy(), null, COMMENT, true));
            }
        }
        ImageConfig config = new ImageConfig(
                latest.toString(),
                plan.author().orElse(null),
                plan.platform().architecture(),
                plan.platform().variant(),
                plan.platform().os(),
                null,
                plan.config(),
                new ImageConfig.Rootfs(
                        "layers", layers.stream().map(LayerDiff::diffId).toList()),
                history);
        return images.commit(config, top, layers, tags);
    }

    private static Instant later(Instant one, Optional<Instant> other) {
        return other.isPresent() && other.get().isAfter(one) ? other.get() : one;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (java.time.format.DateTimeParseException notOurs) {
            return Optional.empty();
        }
    }

    /** The layers bottom first; those whose diff is not known yet are read side by side. */
    private List<LayerDiff> layers(SnapshotId top) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LayerDiff>> diffs = new ArrayList<>();
            for (SnapshotId snapshot : snapshotter.chain(top)) {
                diffs.add(threads.submit(() -> snapshotter.diff(snapshot)));
            }
            List<LayerDiff> layers = new ArrayList<>();
            for (Future<LayerDiff> diff : diffs) {
                layers.add(diff.get());
            }
            return layers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        }
    }
}
