package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The size of a container's writable layer. */
public final class WritableLayerSize {

    private WritableLayerSize() {}

    /** In bytes. Files that vanish during the measurement are not counted. */
    public static long bytes(Container container, Snapshotter snapshotter) {
        return use(container, snapshotter).bytes();
    }

    /** As above, with the number of its files. */
    public static FileTrees.Use use(Container container, Snapshotter snapshotter) {
        try {
            return container.snapshot().isEmpty()
                    ? FileTrees.Use.NOTHING
                    : FileTrees.use(snapshotter.folder(container.snapshot().get()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
