package dev.wherry.daemon.volume;

import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.snapshot.files.LiveTree;
import dev.wherry.daemon.snapshot.files.PathStat;
import dev.wherry.daemon.snapshot.files.TreePath;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Files that go into volumes and come out of them, whether a container uses the volume or not. A volume cannot be removed
 * meanwhile. Links in a volume mean what they mean in a container whose root the volume is.
 */
@Singleton
public final class VolumeArchives {

    private final Volumes volumes;
    private final AtomicLong number = new AtomicLong();

    public VolumeArchives(Volumes volumes) {
        this.volumes = volumes;
    }

    /**
     * What is at a path.
     *
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such volume or file
     */
    public PathStat stat(String volume, String path) {
        check(volumes.get(volume));
        return with(volume, path, LiveTree::stat);
    }

    /**
     * Writes what is at a path as a tar stream, its entries beginning with the path's last component.
     *
     * @param follow take the file that a link at the end of the path leads to
     * @param first receives what is there before the stream begins
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such volume or file
     */
    public void copyFrom(String volume, String path, boolean follow, Consumer<PathStat> first, OutputStream out) {
        check(volumes.get(volume));
        with(volume, path, (tree, place) -> {
            tree.copyFrom(place, follow, first, out);
            return null;
        });
    }

    /**
     * Unpacks a tar stream into a folder of a volume.
     *
     * @param replaceKinds whether a folder may take the place of a file, and the other way round
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such volume or folder
     */
    public void copyTo(String volume, String path, boolean replaceKinds, InputStream tar) {
        check(volumes.get(volume));
        with(volume, path, (tree, place) -> {
            tree.copyTo(tree.folder(place), Optional.empty(), replaceKinds, tar);
            return null;
        });
    }

    private static void check(Volume volume) {
        DeviceAccess.check(volume.options());
    }

    /** Unpacks a tar stream into a volume, which is made if there is none; a new volume goes again when this fails. */
    public void importTar(String volume, InputStream tar) {
        volumes.find(volume).ifPresent(VolumeArchives::check);
        boolean isNew = volumes.find(volume).isEmpty();
        try {
            with(volume, "/", (tree, _) -> {
                tree.importTar(tar);
                return null;
            });
        } catch (RuntimeException failure) {
            if (isNew && volumes.holders(volume).isEmpty()) {
                volumes.remove(volume, true);
            }
            throw failure;
        }
    }

    private interface Work<T> {
        T on(LiveTree tree, TreePath place) throws IOException;
    }

    private <T> T with(String volume, String path, Work<T> work) {
        TreePath place = TreePath.parse(path);
        String user = "copy " + number.incrementAndGet();
        return LiveTree.explaining(volume + ":" + path, () -> {
            // Closing the claim unmounts too.
            try (VolumeClaim claim = volumes.claim(user)) {
                claim.named(VolumeRequest.named(volume), Durability.SYNCED);
                try (Handle root = Handle.folder(volumes.mount(volume, user))) {
                    return work.on(new LiveTree(root, "volume " + volume), place);
                }
            }
        });
    }
}
