package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.compression.Decompression;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Loads images from archives that any tool wrote: image layouts, and docker archives of the old kind and the new. Every
 * blob is checked against its digest and every layer against its diff ID. Layers are unpacked while the archive is read.
 * When a load fails, nothing of the archive stays.
 */
@Singleton
public final class ImageLoader {

    private final ImageStore images;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Leases leases;

    public ImageLoader(ImageStore images, ContentStore content, Snapshotter snapshotter, Leases leases) {
        this.images = images;
        this.content = content;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /**
     * Loads all images of an archive, plain or compressed with gzip, zstd, xz or bzip2.
     *
     * @param platform the only one to load; empty for all
     * @return the images in the order of the archive, each once for every name
     * @throws dev.wherry.daemon.error.CorruptContentException when the archive is damaged or lies
     * @throws dev.wherry.daemon.error.NotFoundException when it has no image for the platform
     */
    public List<LoadedImage> load(InputStream stream, Optional<Platform> platform) {
        DiskRoom.require();
        boolean complete = false;
        try (Lease lease = leases.open();
                PlainLayers layers = new PlainLayers(content, snapshotter, lease)) {
            ArchiveFiles files = new ArchiveFiles(content, layers, lease);
            files.read(Decompression.of("the archive", stream, _ -> {}));
            List<LoadedImage> loaded =
                    new ArchiveImages(files, layers, platform, images, content, snapshotter, lease).store();
            complete = true;
            return loaded;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the archive", failure);
        } finally {
            // The lease is closed: of files that no image needs, or of a load that failed, nothing stays.
            content.collect();
            if (!complete) {
                snapshotter.collectInBackground();
            }
        }
    }
}
