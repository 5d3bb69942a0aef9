package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.tar.TarOutline;
import dev.wherry.daemon.snapshot.tar.TarReader;
import dev.wherry.daemon.snapshot.unpack.LayerUnpacking;
import java.util.Optional;

/** A layer whose files are here, in an active snapshot, and which is not yet on the layers below it. */
public final class ReceivedLayer {

    private final SnapshotId active;
    private final LayerUnpacking unpacking;
    private final TarOutline outline;
    private final boolean ended;
    private final long tarSize;
    private final Optional<Digest> diffId;

    private ReceivedLayer(
            SnapshotId active,
            LayerUnpacking unpacking,
            TarOutline outline,
            boolean ended,
            long tarSize,
            Optional<Digest> diffId) {
        this.active = active;
        this.unpacking = unpacking;
        this.outline = outline;
        this.ended = ended;
        this.tarSize = tarSize;
        this.diffId = diffId;
    }

    /**
     * A layer whose diff ID is not known.
     *
     * @param tar the stream that it came in, read to its end
     * @param tarSize bytes of the stream
     */
    ReceivedLayer(SnapshotId active, LayerUnpacking unpacking, TarReader tar, long tarSize) {
        this(active, unpacking, tar.outline(), tar.ended(), tarSize, Optional.empty());
    }

    /** The same with its diff ID, the digest of the stream. */
    public ReceivedLayer withDiffId(Digest verified) {
        return new ReceivedLayer(active, unpacking, outline, ended, tarSize, Optional.of(verified));
    }

    SnapshotId active() {
        return active;
    }

    LayerUnpacking unpacking() {
        return unpacking;
    }

    Optional<Digest> diffId() {
        return diffId;
    }

    /** What is known of the layer, if its diff ID is. */
    Optional<LayerDiff> diff() {
        return diffId.map(verified -> new LayerDiff(verified, tarSize, unpacking.size()));
    }

    /** Whether the stream had the mark that ends an archive. */
    boolean ended() {
        return ended;
    }

    /** Whether these entries, with the content of the same files, give the very stream that the layer came in. */
    boolean cameAs(TarOutline entries) {
        return outline.matches(entries) && tarSize == entries.length();
    }
}
