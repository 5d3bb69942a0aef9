package dev.wherry.daemon.image.archive;

import static dev.wherry.daemon.image.archive.Side.files;
import static dev.wherry.daemon.image.archive.Side.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.archive.ArchiveOptions.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives are unpacked while they are read, and what is left of one is what its images need. */
class LoadTest {

    @TempDir
    Path folder;

    private Side here;
    private Side there;

    @BeforeEach
    void open() {
        here = new Side(folder.resolve("here"));
        there = new Side(folder.resolve("there"));
    }

    private List<String> blobs(Side side) throws IOException {
        try (Stream<Path> files = Files.walk(side.stores.layout.blobs())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void noBlobIsKeptOfLayersWhoseFilesGiveIt() throws IOException {
        Image image = here.image("amd64", "app", "app:1");
        byte[] archive = here.save(Format.OCI, "app:1");
        there.load(archive);

        assertThat(blobs(there))
                .containsExactlyInAnyOrder(image.id().hex(), image.manifest().hex());
        assertThat(there.stores.layout.ingests()).isEmptyDirectory();
        there.load(archive);
        assertThat(blobs(there)).hasSize(2);
        assertThat(there.save(Format.OCI, "app:1")).isEqualTo(archive);
    }

    @Test
    void blobIsKeptOfLayersOfOtherTools() throws IOException {
        byte[] layer = tar(Map.of("./file", "text".getBytes(StandardCharsets.UTF_8)));
        there.load(foreign(layer, "other:1"));

        assertThat(blobs(there)).contains(Digest.sha256(layer).hex());
        byte[] saved = there.save(Format.DOCKER, "other:1");
        assertThat(files(saved).get("blobs/sha256/" + Digest.sha256(layer).hex()))
                .isEqualTo(layer);
        here.load(saved);
        assertThat(here.save(Format.DOCKER, "other:1")).isEqualTo(saved);
    }

    /** As docker writes archives: what says what the layers are comes last. */
    @Test
    void layersMayComeInAnyOrderBeforeTheirImages() throws IOException {
        Image image = here.image("amd64", "app", "app:1");
        Map<String, byte[]> files = files(here.save(Format.DOCKER, "app:1"));
        List<String> names = new ArrayList<>(files.keySet());
        Map<String, byte[]> backwards = new LinkedHashMap<>();
        names.reversed().forEach(name -> backwards.put(name, files.get(name)));
        there.load(tar(backwards));

        assertThat(there.images.resolve("app:1").id()).isEqualTo(image.id());
        assertThat(blobs(there)).hasSize(2);
        assertThat(there.snapshotter
                        .folder(there.images.resolve("app:1").snapshot().orElseThrow())
                        .resolve("top"))
                .hasContent("app");
    }

    @Test
    void oneLayerLiesOnSeveralOthers() throws IOException {
        byte[] shared = tar(Map.of("shared", "s".getBytes(StandardCharsets.UTF_8)));
        byte[] one = tar(Map.of("one", "1".getBytes(StandardCharsets.UTF_8)));
        byte[] two = tar(Map.of("two", "2".getBytes(StandardCharsets.UTF_8)));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("shared.tar", shared);
        files.put("one.tar", one);
        files.put("two.tar", two);
        files.put("c1.json", config(one, shared));
        files.put("c2.json", config(two, shared));
        files.put(
                "manifest.json",
                CanonicalJson.write(List.of(
                        new DockerManifest("c1.json", List.of("app:1"), List.of("one.tar", "shared.tar")),
                        new DockerManifest("c2.json", List.of("app:2"), List.of("two.tar", "shared.tar")))));
        there.load(tar(files));

        for (String name : List.of("app:1", "app:2")) {
            assertThat(there.snapshotter.chain(
                            there.images.resolve(name).snapshot().orElseThrow()))
                    .hasSize(2);
            assertThat(there.save(Format.DOCKER, name)).isNotEmpty();
        }
    }

    private static byte[] config(byte[]... layers) {
        String diffIds = Stream.of(layers)
                .map(layer -> "\"" + Digest.sha256(layer) + "\"")
                .collect(Collectors.joining(","));
        return ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                        + diffIds + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] foreign(byte[] layer, String name) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("layer.tar", layer);
        files.put("c.json", config(layer));
        files.put(
                "manifest.json",
                CanonicalJson.write(List.of(new DockerManifest("c.json", List.of(name), List.of("layer.tar")))));
        return tar(files);
    }

    /** A stream that stands still in the middle, as the client of a daemon that is killed leaves it. */
    private static final class StandingStill extends InputStream {

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        private final byte[] bytes;
        private int position;

        StandingStill(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (position == bytes.length) {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("killed");
            }
            int count = Math.min(length, bytes.length - position);
            System.arraycopy(bytes, position, into, offset, count);
            position += count;
            return count;
        }
    }

    @Test
    void nextDaemonRemovesWhatAKilledOneLeftOfALoad() throws Exception {
        Image image = here.image("amd64", "app", "app");
        byte[] good = here.save(Format.DOCKER, "app");
        for (int length = 2048; length < good.length; length += good.length / 6) {
            Path root = folder.resolve("killed-" + length);
            Side killed = new Side(root);
            StandingStill stream = new StandingStill(Arrays.copyOf(good, length));
            Thread load = Thread.ofPlatform()
                    .start(() -> assertThatThrownBy(() -> killed.loader.load(stream, Optional.empty()))
                            .isInstanceOf(RuntimeException.class));
            stream.reached.await();

            Side next = new Side(root);
            next.snapshotter.recover(_ -> false);
            next.snapshotter.collect();
            next.stores.content.recover();
            assertThat(next.images.list()).isEmpty();
            assertThat(next.stores.layout.snapshots()).isEmptyDirectory();
            assertThat(next.load(good)).hasSize(1);
            assertThat(next.images.resolve("app").id()).isEqualTo(image.id());
            stream.released.countDown();
            load.join();
        }
    }

    /** Digests of other algorithms name layers too. */
    @Test
    void layerNamedBySha512IsLoaded() throws IOException {
        byte[] layer = tar(Map.of("file", "text".getBytes(StandardCharsets.UTF_8)));
        byte[] config = config(layer);
        Digest named = new Digest(
                "sha512",
                HexFormat.of()
                        .formatHex(new Digest("sha512", "0".repeat(128))
                                .newMessageDigest()
                                .digest(layer)));
        Manifest manifest = new Manifest(
                MediaTypes.MANIFEST,
                new Descriptor(MediaTypes.CONFIG, Digest.sha256(config), config.length),
                List.of(new Descriptor(MediaTypes.LAYER, named, layer.length)),
                Map.of());
        byte[] document = CanonicalJson.write(manifest);
        ImageIndex index = new ImageIndex(
                2,
                MediaTypes.INDEX,
                List.of(new ImageIndex.Entry(
                        MediaTypes.MANIFEST, Digest.sha256(document), document.length, null, null)));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("blobs/sha512/" + named.hex(), layer);
        files.put("blobs/sha256/" + Digest.sha256(config).hex(), config);
        files.put("blobs/sha256/" + Digest.sha256(document).hex(), document);
        files.put("index.json", CanonicalJson.write(index));
        assertThat(there.load(tar(files)))
                .containsExactly(new LoadedImage(Optional.empty(), Digest.sha256(config), ""));
    }

    /** Of an archive that ends in the middle nothing is left, whether or not somebody collects. */
    @Test
    void archivesThatBreakOffLeaveNothingAnywhere() throws IOException {
        here.image("amd64", "app", "app");
        byte[] good = here.save(Format.DOCKER, "app");
        for (int length = 1024; length < good.length - 1024; length += good.length / 40 + 511) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> there.load(cut)).isInstanceOf(WherryException.class);
            assertThat(there.stores.layout.snapshots()).isEmptyDirectory();
            there.holdsNothing();
        }
    }
}
