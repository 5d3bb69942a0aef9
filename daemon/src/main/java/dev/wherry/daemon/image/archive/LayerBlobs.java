package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The layers of one image, ready to be written into an archive. A layer that came compressed is taken as it came; one
 * that is wanted plain is read from its snapshot when it is written; another one is compressed into a file without a
 * name, since an archive gives its digest and size before its bytes.
 */
public final class LayerBlobs implements AutoCloseable {

    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final Layout layout;
    private final ArchiveOptions options;
    private final List<FileChannel> spools = new ArrayList<>();

    public LayerBlobs(Snapshotter snapshotter, ContentStore content, Layout layout, ArchiveOptions options) {
        this.snapshotter = snapshotter;
        this.content = content;
        this.layout = layout;
        this.options = options;
    }

    /**
     * Layers in the order given; those that have to be compressed are so side by side.
     *
     * @param snapshots the snapshot of each
     * @param layers the diff of each
     * @param received the blobs that some came in, by diff ID
     */
    public List<LayerBlob> of(List<SnapshotId> snapshots, List<LayerDiff> layers, Map<Digest, Descriptor> received) {
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("compress").factory())) {
            List<Future<LayerBlob>> blobs = new ArrayList<>();
            for (int i = 0; i < snapshots.size(); i++) {
                SnapshotId snapshot = snapshots.get(i);
                LayerDiff layer = layers.get(i);
                blobs.add(threads.submit(() -> blob(snapshot, layer, received.get(layer.diffId()))));
            }
            return join(blobs, threads);
        }
    }

    private static List<LayerBlob> join(List<Future<LayerBlob>> blobs, ExecutorService threads) {
        try {
            List<LayerBlob> all = new ArrayList<>();
            for (Future<LayerBlob> blob : blobs) {
                all.add(blob.get());
            }
            return all;
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new CancelledException("the export was cancelled");
        } catch (ExecutionException failure) {
            threads.shutdownNow();
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        }
    }

    /** @param came the blob that the layer came in; null when it was made here */
    private LayerBlob blob(SnapshotId snapshot, LayerDiff layer, Descriptor came) {
        if (came != null && !options.forceCompression()) {
            String type = Compression.of(came.mediaType()).mediaType(options.ociTypes());
            return LayerBlob.stored(new Descriptor(type, came.digest(), came.size()), content);
        }
        LayerTar tar = new LayerTar(snapshotter, content, snapshot, came);
        if (options.compression() == Compression.UNCOMPRESSED) {
            String type = Compression.UNCOMPRESSED.mediaType(options.ociTypes());
            return new LayerBlob(new Descriptor(type, layer.diffId(), layer.tarSize()), tar::writeTo);
        }
        return compressed(tar);
    }

    private LayerBlob compressed(LayerTar tar) {
        MessageDigest sha256 = Digest.newBulkSha256();
        try {
            FileChannel spool = spool();
            try (OutputStream out = options.compression()
                    .open(new DigestOutputStream(new Kept(Channels.newOutputStream(spool)), sha256), options.level())) {
                tar.writeTo(out);
            }
            String type = options.compression().mediaType(options.ociTypes());
            Descriptor descriptor = new Descriptor(type, Digest.ofSha256(sha256.digest()), spool.size());
            return new LayerBlob(descriptor, out -> transfer(spool, out));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot compress a layer", failure);
        }
    }

    private FileChannel spool() throws IOException {
        Files.createDirectories(layout.ingests());
        Path file = Files.createTempFile(layout.ingests(), "export-", "");
        FileChannel spool = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        // Whatever happens to the daemon, nothing is left.
        Files.deleteIfExists(file);
        synchronized (spools) {
            spools.add(spool);
        }
        return spool;
    }

    private static void transfer(FileChannel spool, OutputStream out) throws IOException {
        spool.position(0);
        Channels.newInputStream(spool).transferTo(out);
    }

    @Override
    public void close() {
        synchronized (spools) {
            for (FileChannel spool : spools) {
                try {
                    spool.close();
                } catch (IOException nothingToLose) {
                    // It has no name, and all of it has been read or is not wanted.
                }
            }
        }
    }

    /** Does not close the file behind it, which is read next. */
    private static final class Kept extends java.io.FilterOutputStream {

        Kept(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
