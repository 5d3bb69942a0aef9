package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
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
import java.util.function.BooleanSupplier;

/**
 * Downloads layers side by side and unpacks each while it arrives, on all processors. They are put on each other in order,
 * each once all of it is here and verified.
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

    /**
     * The snapshot of the topmost layer; empty when there are no layers. Layers that are here are not fetched, but for those
     * that could not be given to others: the cache may have kept the files of one whose blob went with its last image.
     */
    public Optional<SnapshotId> run(List<Descriptor> layers, List<Digest> diffIds) {
        int here = diffIds.size();
        Optional<SnapshotId> top = Optional.empty();
        while (here > 0 && (top = snapshotter.find(lease, diffIds.subList(0, here))).isEmpty()) {
            here--;
        }
        for (int i = 0; i < here; i++) {
            if (source != BlobProvider.HERE) {
                complete(layers.get(i), diffIds.subList(0, i + 1));
            }
            report(layers.get(i), Phase.EXISTS, layers.get(i).size());
        }
        List<Descriptor> missing = layers.subList(here, layers.size());
        missing.forEach(layer -> report(layer, Phase.WAITING, 0));
        return missing.isEmpty() ? top : bring(top, missing, diffIds.subList(here, diffIds.size()));
    }

    private void complete(Descriptor layer, List<Digest> chain) {
        if (!lease.holdIf(layer.digest(), () -> content.contains(layer.digest()))
                && !snapshotter.find(lease, chain).map(snapshotter::givesStream).orElse(true)) {
            source.fetch(lease, layer, current -> report(layer, Phase.DOWNLOADING, current));
        }
    }

    private Optional<SnapshotId> bring(Optional<SnapshotId> below, List<Descriptor> layers, List<Digest> diffIds) {
        // Unpacking keeps a processor busy, so it is no work for virtual threads, which others wait for.
        // Those whose layers are still arriving wait.
        int threads = Math.min(Math.max(Runtime.getRuntime().availableProcessors(), DOWNLOADS), layers.size());
        ExecutorService unpacking = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("unpack").factory());
        ExecutorService downloads = Executors.newVirtualThreadPerTaskExecutor();
        List<Future<ReceivedLayer>> arrivals = new ArrayList<>();
        try {
            for (int i = 0; i < layers.size(); i++) {
                Descriptor layer = layers.get(i);
                Digest diffId = diffIds.get(i);
                arrivals.add(downloads.submit(() -> bring(layer, diffId, unpacking)));
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

    private ReceivedLayer bring(Descriptor layer, Digest diffId, ExecutorService unpacking)
            throws InterruptedException {
        ArrivingLayer bytes = new ArrivingLayer(content, layer.digest());
        Future<ReceivedLayer> unpacked = download(layer, diffId, bytes, unpacking);
        try {
            return await(unpacked);
        } catch (HostException | CorruptContentException early) {
            // It may have read bytes that were brought again later. Those that are here now are the right ones.
            return await(unpacking.submit(() -> unpack(layer, diffId, content.open(layer.digest()), () -> true)));
        }
    }

    private Future<ReceivedLayer> download(
            Descriptor layer, Digest diffId, ArrivingLayer bytes, ExecutorService unpacking)
            throws InterruptedException {
        turns.acquire();
        try {
            Future<ReceivedLayer> unpacked = unpacking.submit(() -> unpack(layer, diffId, bytes, bytes::isHere));
            Stride stride = new Stride(current -> report(layer, Phase.DOWNLOADING, current));
            source.fetch(lease, layer, current -> {
                bytes.advance(current);
                stride.accept(current);
            });
            bytes.end();
            report(layer, Phase.DOWNLOADED, layer.size());
            return unpacked;
        } catch (RuntimeException failure) {
            bytes.fail();
            throw failure;
        } finally {
            turns.release();
        }
    }

    private ReceivedLayer unpack(Descriptor layer, Digest diffId, InputStream bytes, BooleanSupplier here) {
        Stride stride = new Stride(current -> {
            if (here.getAsBoolean()) {
                report(layer, Phase.EXTRACTING, current);
            }
        });
        String what = "layer " + layer.digest().shortHex();
        try (bytes;
                InputStream tar = Decompression.of(what, bytes, stride)) {
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
