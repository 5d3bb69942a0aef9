package dev.wherry.daemon.image.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedLayersTest {

    private static final int LAYERS = 6;

    @TempDir
    Path folder;

    /** Those that are done can be sent while the others are compressed. */
    @Test
    void fewLayersAreCompressedAtOnce() throws IOException {
        PrivateStores stores = new PrivateStores(folder);
        Snapshotter snapshotter = Snapshotters.open(stores);
        ImageStore images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        CompressedLayers compressed = new CompressedLayers(stores.database, stores.content, snapshotter);
        try (Lease lease = stores.leases.open()) {
            List<SnapshotId> layers = layers(snapshotter, lease);
            Image image = images.commit(config(), Optional.of(layers.getLast()), diffs(snapshotter, layers), List.of());
            Set<SnapshotId> busy = ConcurrentHashMap.newKeySet();
            AtomicInteger most = new AtomicInteger();
            List<Descriptor> blobs = ParallelTasks.each(layers, LAYERS, "cancelled", layer -> {
                long size = snapshotter.diff(layer).tarSize();
                return compressed.of(lease, image, layer, read -> {
                    busy.add(layer);
                    most.accumulateAndGet(busy.size(), Math::max);
                    if (read == size) {
                        busy.remove(layer);
                    }
                });
            });
            assertThat(most.get()).isBetween(1, CompressedLayers.AT_ONCE);
            assertThat(blobs).hasSize(LAYERS).allMatch(blob -> stores.content.contains(blob.digest()));
        }
    }

    private static ImageConfig config() {
        return new ImageConfig("2026-01-01T00:00:00Z", null, "amd64", null, "linux", null, null, null, List.of());
    }

    private static List<LayerDiff> diffs(Snapshotter snapshotter, List<SnapshotId> layers) {
        return layers.stream().map(snapshotter::diff).toList();
    }

    private static List<SnapshotId> layers(Snapshotter snapshotter, Lease lease) throws IOException {
        List<SnapshotId> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            SnapshotId layer = snapshotter.prepare(lease, i == 0 ? Optional.empty() : Optional.of(layers.getLast()));
            byte[] content = new byte[3 << 20];
            new Random(i).nextBytes(content);
            Files.write(snapshotter.folder(layer).resolve("file" + i), content);
            snapshotter.commit(layer);
            layers.add(layer);
        }
        return layers;
    }
}
