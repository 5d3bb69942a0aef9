package dev.wherry.daemon.image.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions.Format;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.Snapshotters;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The stores of one daemon, and archives as other tools write them. */
final class Side {

    final PrivateStores stores;
    final Snapshotter snapshotter;
    final ImageStore images;
    final ImageSaver saver;
    final ImageLoader loader;

    Side(Path folder) {
        stores = new PrivateStores(folder);
        snapshotter = Snapshotters.open(stores);
        images = new ImageStore(stores.database, stores.content, snapshotter, stores.leases);
        ManifestTrees trees = new ManifestTrees(stores.database, stores.content, images);
        saver = new ImageSaver(images, trees, stores.content, snapshotter, stores.leases);
        loader = new ImageLoader(images, stores.content, snapshotter, stores.leases);
    }

    byte[] save(Format format, String... names) {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        saver.save(new SaveOptions(format, List.of(names), Optional.empty()), new TarWriter(archive));
        return archive.toByteArray();
    }

    List<LoadedImage> load(byte[] archive) {
        return loader.load(new ByteArrayInputStream(archive), Optional.empty());
    }

    /** An image of a base layer and another one. */
    Image image(String architecture, String text, String... names) throws IOException {
        try (Leases.Lease lease = stores.leases.open()) {
            SnapshotId base = layer(lease, Optional.empty(), "base", "x".repeat(10_000));
            SnapshotId top = layer(lease, Optional.of(base), "top", text);
            ImageConfig config = new ImageConfig(
                    "2026-01-01T00:00:00Z", null, architecture, null, "linux", null, null, null, List.of());
            List<LayerDiff> layers = List.of(snapshotter.diff(base), snapshotter.diff(top));
            return images.commit(
                    config,
                    Optional.of(top),
                    layers,
                    Stream.of(names).map(Reference::parse).toList());
        }
    }

    private SnapshotId layer(Leases.Lease lease, Optional<SnapshotId> parent, String name, String text)
            throws IOException {
        SnapshotId layer = snapshotter.prepare(lease, parent);
        Files.writeString(snapshotter.folder(layer).resolve(name), text);
        snapshotter.commit(layer);
        return layer;
    }

    byte[] manifest(Image image) {
        return stores.content.read(image.manifest(), 1 << 20);
    }

    void holdsNothing() throws IOException {
        assertThat(images.list()).isEmpty();
        snapshotter.collect();
        if (Files.exists(stores.layout.snapshots())) {
            assertThat(stores.layout.snapshots()).isEmptyDirectory();
        }
        for (Path at : List.of(stores.layout.blobs(), stores.layout.ingests())) {
            if (Files.exists(at)) {
                try (Stream<Path> files = Files.walk(at)) {
                    assertThat(files.filter(Files::isRegularFile)).isEmpty();
                }
            }
        }
    }

    static Map<String, byte[]> files(byte[] archive) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream bytes = new ByteArrayInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(bytes)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
                put(out, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    static void put(TarArchiveOutputStream out, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        entry.setModTime(0);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }
}
