package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.Stride;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.image.pull.PullProgress.Phase;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.ReceivedLayer;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Downloads layers side by side and unpacks each as soon as it is here, on all processors. They are put on each other in
 * order.
 */
public final class LayerFetch {

    private static final int DOWNLOADS = 3;

    private final BlobProvider source;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final PullProgress progress;
    private final Semaphore turns = new Semaphore(DOWNLOADS, true);
    private final Queue<ReceivedLayer> received = new ConcurrentLinkedQueue<>();

    public LayerFetch(
            BlobProvider source, ContentStore content, Snapshotter snapshotter, Lease lease, PullProgress progress) {
        this.source = source;
        this.content = content;
        this.snapshotter = snapshotter;
        this.lease = lease;
        this.progress = progress;
    }

    /** The snapshot of the topmost layer; empty when there are no layers. Layers that are here are not fetched. */
    public Optional<SnapshotId> run(List<Descriptor> layers, List<Digest> diffIds) {
        int here = diffIds.size();
        Optional<SnapshotId> top = Optional.empty();
        while (here > 0 && (top = snapshotter.find(lease, diffIds.subList(0, here))).isEmpty()) {
            here--;
        }
        layers.subList(0, here).forEach(layer -> report(layer, Phase.EXISTS, layer.size()));
        List<Descriptor> missing = layers.subList(here, layers.size());
        missing.forEach(layer -> report(layer, Phase.WAITING, 0));
        return missing.isEmpty() ? top : bring(top, missing, diffIds.subList(here, diffIds.size()));
    }

    private Optional<SnapshotId> bring(Optional<SnapshotId> below, List<Descriptor> layers, List<Digest> diffIds) {
        // Unpacking keeps a processor busy, so it is no work for virtual threads, which others wait for.
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), layers.size());
        ExecutorService unpacking = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("unpack").factory());
        ExecutorService downloads = Executors.newVirtualThreadPerTaskExecutor();
        List<Future<ReceivedLayer>> arrivals = new ArrayList<>();
        try {
            for (int i = 0; i < layers.size(); i++) {
                Descriptor layer = layers.get(i);
                Digest diffId = diffIds.get(i);
                arrivals.add(downloads.submit(() -> {
                    download(layer);
                    return await(unpacking.submit(() -> unpack(layer, diffId)));
                }));
            }
            Optional<SnapshotId> top = below;
            for (int i = 0; i < layers.size(); i++) {
                top = Optional.of(snapshotter.place(lease, top, await(arrivals.get(i))));
                report(layers.get(i), Phase.DONE, layers.get(i).size());
            }
            return top;
        } finally {
            unpacking.shutdownNow();
            downloads.shutdownNow();
            unpacking.close();
            downloads.close();
            received.forEach(snapshotter::discard);
        }
    }

    private void download(Descriptor layer) throws InterruptedException {
        turns.acquire();
        try {
            source.fetch(lease, layer, new Stride(current -> report(layer, Phase.DOWNLOADING, current)));
            report(layer, Phase.DOWNLOADED, layer.size());
        } finally {
            turns.release();
        }
    }

    private ReceivedLayer unpack(Descriptor layer, Digest diffId) {
        Stride stride = new Stride(current -> report(layer, Phase.EXTRACTING, current));
        String what = "layer " + layer.digest().shortHex();
        try (InputStream blob = content.open(layer.digest());
                InputStream tar = Decompression.of(what, blob, stride)) {
            ReceivedLayer layerHere = snapshotter.receive(lease, tar, diffId);
            received.add(layerHere);
            return layerHere;
        } catch (IOException failure) {
            throw new HostException("cannot unpack " + what + ": " + failure.getMessage(), failure);
        }
    }

    private static <T> T await(Future<T> arrival) {
        try {
            return arrival.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("pull cancelled", interrupted);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case WherryException told -> throw told;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    private void report(Descriptor layer, Phase phase, long current) {
        progress.layer(layer.digest(), phase, current, layer.size());
    }
}
