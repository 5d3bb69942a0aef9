package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;

/** The disk space that containers take. Measuring walks over all files that a container wrote, so it is done on request only. */
@Singleton
public final class ContainerSizes {

    private final Snapshotter snapshotter;
    private final ImageStore images;

    ContainerSizes(Snapshotter snapshotter, ImageStore images) {
        this.snapshotter = snapshotter;
        this.images = images;
    }

    /**
     * In bytes.
     *
     * @param written what the container wrote
     * @param seen with the files of its image
     */
    public record Size(long written, long seen) {}

    /** Measures one container. */
    public Size of(Container container) {
        long written = WritableLayerSize.bytes(container, snapshotter);
        return new Size(written, written + image(container));
    }

    private long image(Container container) {
        try {
            return images.resolve(container.image().toString()).size();
        } catch (NotFoundException removed) {
            return 0;
        }
    }
}
