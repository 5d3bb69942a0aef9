package dev.wherry.daemon.image.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.Tar;
import dev.wherry.daemon.image.compression.DecompressionTest;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are unpacked while they arrive. */
class LayerFetchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

    @TempDir
    Path folder;

    private final byte[] tar = Tar.of(files());
    private byte[] blob;
    private Descriptor layer;
    private PrivateStores stores;
    private Snapshotter snapshotter;

    @BeforeEach
    void open() throws IOException {
        blob = DecompressionTest.gzip(tar);
        layer = new Descriptor(GZIP, Digest.sha256(blob), blob.length);
        stores = new PrivateStores(folder);
        snapshotter = Snapshotters.open(stores);
    }

    /** Files of noise, so that the layer is large also when it is compressed. */
    private static Map<String, String> files() {
        Random random = new Random(1);
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            files.put(
                    "file" + i,
                    random.ints(100_000, ' ', '~')
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString());
        }
        return files;
    }

    @FunctionalInterface
    private interface Source {
        void into(Ingest ingest, LongConsumer arrived) throws IOException;
    }

    private Optional<SnapshotId> fetch(Source source) {
        BlobProvider provider = (lease, descriptor, arrived) -> {
            try (Ingest ingest = stores.content.ingest(descriptor.digest().toString())) {
                source.into(ingest, arrived);
                lease.hold(() -> ingest.commit(descriptor.digest(), descriptor.size()));
                return true;
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        };
        try (Lease lease = stores.leases.open()) {
            return new LayerFetch(provider, stores.content, snapshotter, lease, PullProgress.NONE)
                    .run(List.of(layer), List.of(Digest.sha256(tar)));
        }
    }

    private void send(Ingest ingest, int from, int to, LongConsumer arrived) {
        ingest.write(blob, from, to - from);
        arrived.accept(ingest.offset());
    }

    private boolean isUnpacked(String file) throws IOException {
        try (Stream<Path> all = Files.walk(stores.layout.root())) {
            return all.anyMatch(path -> path.endsWith(file));
        }
    }

    private boolean isComplete(SnapshotId snapshot) {
        return files().entrySet().stream().allMatch(file -> {
            try {
                return Files.readString(snapshotter.folder(snapshot).resolve(file.getKey()))
                        .equals(file.getValue());
            } catch (IOException absent) {
                return false;
            }
        });
    }

    @Test
    void layerIsUnpackedWhileItArrives() {
        Optional<SnapshotId> top = fetch((ingest, arrived) -> {
            send(ingest, 0, blob.length / 2, arrived);
            await().atMost(PATIENCE).until(() -> isUnpacked("file1"));
            assertThat(isUnpacked("file9")).isFalse();
            send(ingest, blob.length / 2, blob.length, arrived);
        });

        assertThat(top)
                .hasValueSatisfying(snapshot -> assertThat(isComplete(snapshot)).isTrue());
    }

    /** As with a registry without ranges, whose connection broke, or one that sent something else first. */
    @Test
    void layerThatBeginsAgainIsUnpackedAgain() {
        Optional<SnapshotId> top = fetch((ingest, arrived) -> {
            byte[] other = DecompressionTest.gzip(Tar.of(Map.of("other", "x".repeat(5_000))));
            ingest.write(other, 0, other.length / 2);
            send(ingest, blob.length / 3, blob.length / 2, arrived);
            ingest.restart();
            send(ingest, 0, blob.length / 4, arrived);
            send(ingest, blob.length / 4, blob.length, arrived);
        });

        assertThat(top)
                .hasValueSatisfying(snapshot -> assertThat(isComplete(snapshot)).isTrue());
    }

    @Test
    void layerThatDoesNotArriveLeavesNothing() throws IOException {
        assertThatThrownBy(() -> fetch((ingest, arrived) -> {
                    send(ingest, 0, blob.length / 2, arrived);
                    await().atMost(PATIENCE).until(() -> isUnpacked("file1"));
                    throw new UnavailableException("the registry is gone");
                }))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("the registry is gone");

        assertThat(isUnpacked("file1")).isFalse();
    }

    @Test
    void layerThatIsAnotherLeavesNothing() throws IOException {
        assertThatThrownBy(() -> fetch((ingest, arrived) -> {
                    byte[] wrong = blob.clone();
                    wrong[blob.length - 1]++;
                    ingest.write(wrong, 0, wrong.length);
                    arrived.accept(ingest.offset());
                }))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining(layer.digest().toString());

        assertThat(isUnpacked("file0")).isFalse();
    }
}
