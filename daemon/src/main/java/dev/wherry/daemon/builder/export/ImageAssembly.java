package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.remote.CacheDocuments;
import dev.wherry.daemon.builder.plan.HistoryLine;
import dev.wherry.daemon.builder.plan.Plan;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Draws up the image of a solved plan. All times in it are those of the cache records, so that a build of nothing but
 * hits gives the very image of the time before; or the one date that the build is to bear.
 */
public final class ImageAssembly {

    private static final String COMMENT = "wherry.dockerfile.v1";

    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final OutputOptions options;
    private final Optional<CacheStore> inlineCache;

    /** @param inlineCache the records of steps that the config of the image is to have; empty for none */
    public ImageAssembly(
            ImageStore images,
            Snapshotter snapshotter,
            ContentStore content,
            OutputOptions options,
            Optional<CacheStore> inlineCache) {
        this.images = images;
        this.snapshotter = snapshotter;
        this.content = content;
        this.options = options;
        this.inlineCache = inlineCache;
    }

    /** @param lease takes hold of the blobs that layers came in */
    public ImageDraft draft(Plan plan, Solver solver, Lease lease) {
        Optional<SnapshotId> top = solver.result(plan.top()).snapshot();
        List<LayerDiff> layers = top.map(this::layers).orElse(List.of());
        Map<Digest, Descriptor> received = new ReceivedBlobs(images, content, lease).of(List.of(plan.top()), solver);
        ImageConfig config = config(plan, solver);
        Optional<byte[]> cache = inlineCache.map(records -> CacheDocuments.inline(
                CacheContents.of(List.of(plan.top()), solver, snapshotter, records, false)
                        .steps(),
                layers.stream().map(LayerDiff::diffId).toList()));
        return ImageDraft.of(cache.map(config::withCache).orElse(config), top, layers, options.annotations(), received);
    }

    private ImageConfig config(Plan plan, Solver solver) {
        Instant latest = options.date().epoch().orElse(Instant.EPOCH);
        List<ImageConfig.History> history = new ArrayList<>();
        for (HistoryLine line : plan.history()) {
            switch (line) {
                case HistoryLine.Inherited inherited -> {
                    history.add(dated(inherited.entry()));
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
        return new ImageConfig(
                latest.toString(),
                plan.author().orElse(null),
                plan.platform().architecture(),
                plan.platform().variant(),
                plan.platform().os(),
                null,
                plan.config(),
                null,
                history);
    }

    /** What was made before the date stays as it is. */
    private ImageConfig.History dated(ImageConfig.History entry) {
        Optional<Instant> date = options.date().epoch();
        if (date.isEmpty()
                || time(entry.created())
                        .filter(made -> !made.isAfter(date.get()))
                        .isPresent()) {
            return entry;
        }
        return new ImageConfig.History(
                date.get().toString(), entry.createdBy(), entry.author(), entry.comment(), entry.emptyLayer());
    }

    private Instant later(Instant one, Optional<Instant> other) {
        return options.date().epoch().isEmpty()
                        && other.isPresent()
                        && other.get().isAfter(one)
                ? other.get()
                : one;
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
            // The sizes of the last steps are known only now.
            DiskRoom.require();
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
