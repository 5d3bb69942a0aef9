package dev.wherry.daemon.image.push;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/**
 * The compressed blobs of layers that were made here. A layer is compressed when something first wants to send it; the
 * blob stays as long as one of the images that it was asked for, and serves every image that has the layer.
 */
@Singleton
public final class CompressedLayers {

    /** A tenth larger than at the usual level, and three times as fast. */
    private static final int LEVEL = 2;

    /**
     * Each layer is compressed on all processors. If all went at once, all would be done at the end only, and nothing
     * could be sent meanwhile; one more is begun so that the processors have work while files are looked for.
     */
    static final int AT_ONCE = 2;

    private final Database database;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    public CompressedLayers(Database database, ContentStore content, Snapshotter snapshotter) {
        this.database = database;
        this.content = content;
        this.snapshotter = snapshotter;
    }

    /** The blob of a layer, if it is here; held by the lease. */
    public Optional<Descriptor> find(Lease lease, Digest diffId) {
        Optional<Descriptor> recorded = database.read(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT media_type, digest, size FROM layer_blob WHERE diff_id = ?")) {
                query.setString(1, diffId.toString());
                ResultSet row = query.executeQuery();
                return row.next()
                        ? Optional.of(new Descriptor(row.getString(1), Digest.parse(row.getString(2)), row.getLong(3)))
                        : Optional.empty();
            }
        });
        return recorded.filter(blob -> lease.holdIf(blob.digest(), () -> content.contains(blob.digest())));
    }

    /**
     * The blob of a layer, which is made where it is not here; held by the lease, and kept as long as the image.
     *
     * @param read told how many bytes of the layer's tar stream are compressed
     */
    public Descriptor of(Lease lease, Image image, SnapshotId layer, LongConsumer read) {
        Digest diffId = snapshotter.diff(layer).diffId();
        Descriptor blob = find(lease, diffId).orElseGet(() -> compress(lease, layer, diffId, read));
        keep(image, diffId, blob);
        return blob;
    }

    private Descriptor compress(Lease lease, SnapshotId layer, Digest diffId, LongConsumer read) {
        Compression compression = Compression.GZIP;
        try (Ingest ingest = content.ingest("compressed " + diffId)) {
            // Another push may have made it while this one waited.
            Optional<Descriptor> here = find(lease, diffId);
            if (here.isPresent()) {
                return here.get();
            }
            ingest.restart();
            compress(layer, compression, ingest, read);
            long size = ingest.offset();
            Digest digest = lease.hold(ingest::commit);
            return new Descriptor(compression.mediaType(true), digest, size);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot compress a layer", failure);
        }
    }

    private void compress(SnapshotId layer, Compression compression, Ingest ingest, LongConsumer read)
            throws IOException {
        try {
            turns.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while waiting to compress a layer", interrupted);
        }
        try (OutputStream out = compression.open(ingest.stream(), OptionalInt.of(LEVEL))) {
            snapshotter.writeTar(layer, new Counted(out, read));
        } finally {
            turns.release();
        }
    }

    /** Records the blob while its image is here; an image that is being removed takes the blob with it. */
    private void keep(Image image, Digest diffId, Descriptor blob) {
        database.write(connection -> {
            Rows.execute(
                    connection,
                    "INSERT OR IGNORE INTO image_blob (image, digest) SELECT id, ? FROM image WHERE id = ?",
                    blob.digest().toString(),
                    image.id().toString());
            Rows.execute(
                    connection,
                    "INSERT OR REPLACE INTO layer_blob (diff_id, media_type, digest, size)"
                            + " SELECT ?, ?, ?, ? FROM image WHERE id = ?",
                    diffId.toString(),
                    blob.mediaType(),
                    blob.digest().toString(),
                    blob.size(),
                    image.id().toString());
            return null;
        });
    }

    private static final class Counted extends OutputStream {

        private final OutputStream out;
        private final LongConsumer read;
        private long count;

        Counted(OutputStream out, LongConsumer read) {
            this.out = out;
            this.read = read;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
            read.accept(count);
        }
    }
}
