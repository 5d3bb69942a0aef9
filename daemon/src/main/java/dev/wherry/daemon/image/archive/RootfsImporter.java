package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes images of one layer from tar streams, such as root file systems that other tools made. */
@Singleton
public final class RootfsImporter {

    private static final String COMMENT = "imported from -";

    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final Leases leases;

    public RootfsImporter(ImageStore images, Snapshotter snapshotter, Leases leases) {
        this.images = images;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /**
     * Reads a tar stream, plain or compressed with gzip or zstd, and stores it as an image.
     *
     * @param changes applied to the config, such as what a Dockerfile's CMD would do
     * @param message comment of the history entry; blank for the usual one
     * @throws InvalidInputException when the stream is empty
     * @throws CorruptContentException when the stream is damaged
     */
    public Image importImage(
            InputStream stream,
            Optional<Reference> reference,
            UnaryOperator<ImageConfig> changes,
            String message,
            Platform platform) {
        DiskRoom.require();
        // Before the stream is read, so that a change that cannot be applied costs nothing.
        ImageConfig config = changes.apply(initial(message, platform));
        try (Lease lease = leases.open()) {
            SnapshotId top = snapshotter.importTar(lease, open(stream));
            LayerDiff layer = snapshotter.diff(top);
            return images.commit(
                    config, Optional.of(top), List.of(layer), reference.stream().toList());
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the archive", failure);
        }
    }

    private static InputStream open(InputStream stream) throws IOException {
        PushbackInputStream peekable = new PushbackInputStream(stream, 1);
        int first = peekable.read();
        if (first < 0) {
            throw new InvalidInputException("the archive is empty: give a tar, plain or compressed with gzip or zstd");
        }
        peekable.unread(first);
        return Decompression.of("the archive", peekable, _ -> {});
    }

    private static ImageConfig initial(String message, Platform platform) {
        String now = Instant.now().toString();
        History history = new History(now, null, null, message.isBlank() ? COMMENT : message, null);
        return new ImageConfig(
                now,
                null,
                platform.architecture(),
                platform.variant(),
                platform.os(),
                null,
                Execution.EMPTY,
                null,
                List.of(history));
    }
}
