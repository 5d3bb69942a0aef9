package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.ReceivedLayer;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The uncompressed layers of an archive. Each is unpacked while the archive is read, before it is known which image it
 * belongs to, and its bytes wait beside it, unpublished. They become a blob only where the files do not give them again,
 * as those of other tools often do not. {@link #close} removes what no image took.
 */
final class PlainLayers implements AutoCloseable {

    /** An archive with more, which none has, is read as one of compressed layers is. */
    private static final int MOST = 256;

    private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_AT = 257;

    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final Map<Digest, Waiting> layers = new HashMap<>();

    PlainLayers(ContentStore content, Snapshotter snapshotter, Lease lease) {
        this.content = content;
        this.snapshotter = snapshotter;
        this.lease = lease;
    }

    private static final class Waiting {

        private final Ingest ingest;
        private Optional<ReceivedLayer> received = Optional.empty();
        /** Whether a snapshot gives the same bytes. */
        private boolean given;

        private boolean published;

        Waiting(Ingest ingest) {
            this.ingest = ingest;
        }
    }

    /** Whether a file that begins so is taken in here. */
    boolean take(byte[] head, int length) {
        boolean isTar = length >= MAGIC_AT + MAGIC.length;
        for (int i = 0; isTar && i < MAGIC.length; i++) {
            isTar = head[MAGIC_AT + i] == MAGIC[i];
        }
        return isTar && layers.size() < MOST;
    }

    /**
     * Takes in a file.
     *
     * @param expected what the file must be; empty for whatever it is
     * @return its digest
     * @throws CorruptContentException when it is not what was expected
     */
    Digest add(InputStream file, Optional<Digest> expected, long size) {
        // Two loads may bring the same layers in any order, so they must not wait for each other's.
        Waiting layer = new Waiting(content.ingest());
        boolean added = false;
        try {
            read(file, layer);
            expected.ifPresent(digest -> layer.ingest.require(digest, size));
            Digest digest = layer.ingest.digest();
            added = layers.putIfAbsent(digest, layer) == null;
            return digest;
        } finally {
            if (!added) {
                discard(layer);
            }
        }
    }

    private void read(InputStream file, Waiting layer) {
        try (ParallelIngest stream = new ParallelIngest(file, layer.ingest)) {
            try {
                layer.received = Optional.of(snapshotter.receive(lease, stream));
            } catch (CorruptContentException | InvalidInputException | ExhaustedException reason) {
                // It may be no layer at all; who takes it for one learns the reason from the blob.
            }
            stream.finish();
        } catch (IOException failure) {
            throw new CorruptContentException("the archive breaks off: " + failure.getMessage(), failure);
        }
    }

    /** Puts an unpacked layer on a parent; empty when it is not here, or on another one already. */
    Optional<SnapshotId> place(Digest diffId, Optional<SnapshotId> parent) {
        Waiting layer = layers.get(diffId);
        if (layer == null || layer.received.isEmpty()) {
            return Optional.empty();
        }
        ReceivedLayer received = layer.received.get().withDiffId(diffId);
        layer.received = Optional.empty();
        SnapshotId placed = snapshotter.place(lease, parent, received);
        layer.given = snapshotter.givesStream(placed, received);
        return Optional.of(placed);
    }

    /** Makes a blob of a layer that is here; says whether it is. */
    boolean publish(Digest digest) {
        Waiting layer = layers.get(digest);
        if (layer == null) {
            return false;
        }
        if (!layer.published) {
            lease.hold(() -> layer.ingest.commit(digest, layer.ingest.offset()));
            layer.published = true;
        }
        return true;
    }

    /** As above, unless a snapshot gives the bytes of the layer. */
    boolean publishUnlessGiven(Digest digest) {
        Waiting layer = layers.get(digest);
        return layer != null && (layer.published || !layer.given) && publish(digest);
    }

    private void discard(Waiting layer) {
        layer.received.ifPresent(snapshotter::discard);
        layer.ingest.discard();
    }

    @Override
    public void close() {
        layers.values().forEach(this::discard);
        layers.clear();
    }
}
