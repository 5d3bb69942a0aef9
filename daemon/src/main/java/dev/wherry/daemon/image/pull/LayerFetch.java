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
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Downloads layers side by side and unpacks them in order, each as soon as it and those below it are here. */
public final class LayerFetch {

    private static final int DOWNLOADS = 3;

    private final BlobProvider source;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final PullProgress progress;
    private final Semaphore turns = new Semaphore(DOWNLOADS, true);

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

        ExecutorService downloads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<?>> arrivals = new ArrayList<>();
            missing.forEach(layer -> arrivals.add(downloads.submit(() -> download(layer))));
            for (int i = 0; i < missing.size(); i++) {
                await(arrivals.get(i));
                top = Optional.of(unpack(top, missing.get(i), diffIds.get(here + i)));
            }
            return top;
        } finally {
            downloads.shutdownNow();
            downloads.close();
        }
    }

    private Void download(Descriptor layer) throws InterruptedException {
        turns.acquire();
        try {
            source.fetch(lease, layer, new Stride(current -> report(layer, Phase.DOWNLOADING, current)));
            report(layer, Phase.DOWNLOADED, layer.size());
            return null;
        } finally {
            turns.release();
        }
    }

    private SnapshotId unpack(Optional<SnapshotId> parent, Descriptor layer, Digest diffId) {
        Stride stride = new Stride(current -> report(layer, Phase.EXTRACTING, current));
        String what = "layer " + layer.digest().shortHex();
        try (InputStream blob = content.open(layer.digest());
                InputStream tar = Decompression.of(what, blob, stride)) {
            SnapshotId unpacked = snapshotter.unpack(lease, parent, tar, diffId);
            report(layer, Phase.DONE, layer.size());
            return unpacked;
        } catch (IOException failure) {
            throw new HostException("cannot unpack " + what + ": " + failure.getMessage(), failure);
        }
    }

    private static void await(Future<?> arrival) {
        try {
            arrival.get();
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
