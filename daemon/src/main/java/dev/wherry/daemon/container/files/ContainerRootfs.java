package dev.wherry.daemon.container.files;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the root folder of a container. Of one that runs it is what its first process has, with all mounts; it is only
 * reached through a {@link Handle}, since the container may change it at any moment. Of one that does not run it is its
 * snapshot, mounted for as long as the handle is held and visible nowhere.
 */
final class ContainerRootfs {

    private final Containers containers;
    private final Layout layout;
    private final Snapshotter snapshotter;
    private final AtomicLong number = new AtomicLong();

    ContainerRootfs(Containers containers, Layout layout, Snapshotter snapshotter) {
        this.containers = containers;
        this.layout = layout;
        this.snapshotter = snapshotter;
    }

    /** What the container's processes see, or, when there are none, its own files. The caller closes it. */
    Handle open(Container container) throws IOException {
        if (container.state().isAlive()) {
            Optional<Handle> live = live(container);
            if (live.isPresent()) {
                return live.get();
            }
        }
        return still(container);
    }

    /** The container's own files, without what is mounted over them. The caller closes it. */
    Handle own(Container container) throws IOException {
        Path mounted = ContainerLayout.of(layout, container.id()).rootfs();
        return container.state().isAlive() && Files.isDirectory(mounted) ? Handle.folder(mounted) : still(container);
    }

    /** Empty when it has just ended: the number may already be that of another process. */
    private Optional<Handle> live(Container container) throws IOException {
        Path process = Path.of("/proc", Integer.toString(container.pid()));
        Handle root;
        try {
            root = Handle.folder(process.resolve("root"));
        } catch (IOException ended) {
            return Optional.empty();
        }
        if (isOf(process, container)) {
            return Optional.of(root);
        }
        root.close();
        return Optional.empty();
    }

    private boolean isOf(Path process, Container container) {
        try {
            return Files.readString(process.resolve("cgroup")).contains(container.id())
                    && containers.get(container.id()).pid() == container.pid();
        } catch (IOException ended) {
            return false;
        }
    }

    private Handle still(Container container) throws IOException {
        SnapshotId snapshot = container
                .snapshot()
                .orElseThrow(() -> new ConflictException(
                        "container " + container.shortId() + " has no file system: it is being removed"));
        Path place = layout.steps().resolve("files-" + number.incrementAndGet());
        Files.createDirectories(place);
        try {
            snapshotter.mount(snapshot, place);
            Handle root = Handle.folder(place);
            // What is held stays mounted, and goes with the handle, however the daemon ends.
            snapshotter.unmount(place);
            return root;
        } catch (HostException failure) {
            snapshotter.unmount(place);
            throw failure;
        } catch (IOException failure) {
            snapshotter.unmount(place);
            throw StorageFailure.of("cannot open the files of container " + container.shortId(), failure);
        } finally {
            Files.deleteIfExists(place);
        }
    }
}
