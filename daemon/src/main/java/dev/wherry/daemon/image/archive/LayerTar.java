package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The uncompressed tar stream of a layer: out of the blob it came in, where there is one, else from its snapshot. */
public final class LayerTar {

    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final SnapshotId snapshot;
    private final Descriptor received;

    /** @param received the blob the layer came in; null when it was made here */
    public LayerTar(Snapshotter snapshotter, ContentStore content, SnapshotId snapshot, Descriptor received) {
        this.snapshotter = snapshotter;
        this.content = content;
        this.snapshot = snapshot;
        this.received = received;
    }

    /** Writes the stream, which has the layer's diff ID. */
    public void writeTo(OutputStream out) throws IOException {
        if (received == null) {
            snapshotter.writeTar(snapshot, out);
            return;
        }
        String what = "layer " + received.digest().shortHex();
        try (InputStream blob = content.open(received.digest());
                InputStream tar = Decompression.of(what, blob, _ -> {})) {
            tar.transferTo(out);
        }
    }
}
