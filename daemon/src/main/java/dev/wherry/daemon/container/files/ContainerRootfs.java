package dev.wherry.daemon.container.files;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.lifecycle.Hold;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the root folder of a container. Of one that runs it is what its first process has, with all mounts; it is only
 * reached through a {@link Handle}, since the container may change it at any moment. Of one that does not run it is its
 * snapshot, mounted for as long as the handle is held and visible nowhere. The container cannot start meanwhile, since
 * its snapshot would be mounted twice and neither mount would see what is written through the other.
 */
final class ContainerRootfs {

    private final Containers containers;
    private final Lifecycle lifecycle;
    private final Layout layout;
    private final Snapshotter snapshotter;
    private final Volumes volumes;
    private final AtomicLong number = new AtomicLong();

    ContainerRootfs(
            Containers containers, Lifecycle lifecycle, Layout layout, Snapshotter snapshotter, Volumes volumes) {
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.layout = layout;
        this.snapshotter = snapshotter;
        this.volumes = volumes;
    }

    /** An open root folder, to be closed by the thread that opened it. */
    record Root(Handle handle, Hold hold) implements AutoCloseable {

        private static Root ofRunning(Handle handle) {
            return new Root(handle, () -> {});
        }

        @Override
        public void close() {
            handle.close();
            hold.close();
        }
    }

    /** What the container's processes see, or, when there are none, its own files and the host's that it mounts. */
    Root open(Container container) throws IOException {
        lifecycle.checkEntry(container);
        Optional<Handle> live = live(container);
        return live.isPresent()
                ? Root.ofRunning(live.get())
                : atRest(container, now -> {
                    Optional<Handle> started = live(now);
                    return started.isPresent() ? started.get() : own(now, true);
                });
    }

    /** The container's own files, without what is mounted over them. */
    Root own(Container container) throws IOException {
        lifecycle.checkEntry(container);
        return container.state().isAlive()
                ? Root.ofRunning(own(container, false))
                : atRest(container, now -> own(now, false));
    }

    private interface Opening {
        Handle open(Container now) throws IOException;
    }

    /** Opens the root of a container that may have been started since it was looked at: then it need not be held. */
    private Root atRest(Container container, Opening opening) throws IOException {
        Hold hold = hold(container);
        try {
            Container now = containers.get(container.id());
            Handle handle = opening.open(now);
            if (now.state().isAlive()) {
                hold.close();
                return Root.ofRunning(handle);
            }
            return new Root(handle, hold);
        } catch (RuntimeException | IOException failure) {
            hold.close();
            throw failure;
        }
    }

    private Hold hold(Container container) {
        try {
            return lifecycle.hold(container);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        }
    }

    private Handle own(Container container, boolean withMounts) throws IOException {
        Path mounted = ContainerLayout.of(layout, container.id()).rootfs();
        if (container.state().isAlive() && container.settings().request().pod().isMapped()) {
            // Files there belong to other users than in the container: what is on the disk is as the container has it.
            return mounted(container, snapshotter::mountView, List.of());
        }
        return container.state().isAlive() && Files.isDirectory(mounted)
                ? Handle.folder(mounted)
                : still(container, withMounts);
    }

    /** Empty when the process has just ended: its ID may already belong to another process. */
    private Optional<Handle> live(Container container) throws IOException {
        if (!container.state().isAlive()) {
            return Optional.empty();
        }
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

    private interface Mounting {
        void mount(SnapshotId snapshot, Path place);
    }

    private Handle still(Container container, boolean withMounts) throws IOException {
        return mounted(
                container, snapshotter::mount, withMounts ? container.settings().mounts() : List.of());
    }

    private Handle mounted(Container container, Mounting mounting, List<MountRequest> mounts) throws IOException {
        SnapshotId snapshot = container
                .snapshot()
                .orElseThrow(() -> new ConflictException(
                        "container " + container.shortId() + " has no file system: it is being removed"));
        String user = "files-" + number.incrementAndGet();
        Path place = layout.steps().resolve(user);
        Files.createDirectories(place);
        try {
            mounting.mount(snapshot, place);
            // Else unmounting it would take what is mounted below it out of the handle's copy too.
            Mounts.makePrivate(place);
            HostMounts.bind(mounts, place, volume -> volumes.mount(volume, user));
            Handle root = Handle.mounts(place);
            snapshotter.unmount(place);
            return root;
        } catch (RuntimeException failure) {
            snapshotter.unmount(place);
            throw failure;
        } catch (IOException failure) {
            snapshotter.unmount(place);
            throw StorageFailure.of("cannot open the files of container " + container.shortId(), failure);
        } finally {
            // What is on a device stays mounted as long as the handle is held.
            volumes.unmount(user);
            Files.deleteIfExists(place);
        }
    }
}
