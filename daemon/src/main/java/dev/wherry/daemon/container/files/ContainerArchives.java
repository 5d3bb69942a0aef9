package dev.wherry.daemon.container.files;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import dev.wherry.daemon.snapshot.LiveLayers;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.layer.ChangedPath;
import dev.wherry.daemon.snapshot.layer.LiveArchive;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking.Owner;
import dev.wherry.daemon.snapshot.unpack.LiveUnpacking;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Files that go into containers and come out of them, whether they run or not. A container that runs is not stopped for
 * it and is not trusted: see {@link Handle}. Nothing of it is ever executed or loaded.
 */
@Singleton
public final class ContainerArchives {

    private static final Path ROOT = Path.of("/");
    private static final int MOST_LINKS = 255;
    /** What every container has mounted; where an image has nothing there, something was made to mount on. */
    private static final List<String> MOUNT_POINTS =
            List.of("/proc", "/dev", "/sys", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

    private final Containers containers;
    private final LiveLayers layers;
    private final ContainerRootfs roots;

    public ContainerArchives(
            Containers containers, Lifecycle lifecycle, LiveLayers layers, Layout layout, Snapshotter snapshotter) {
        this.containers = containers;
        this.layers = layers;
        this.roots = new ContainerRootfs(containers, lifecycle, layout, snapshotter);
    }

    /**
     * What is at a path.
     *
     * @throws NotFoundException when there is no such container or file
     */
    public PathStat stat(String container, String path) {
        return reading(container, path, (root, place) -> stat(root, place, container));
    }

    /**
     * Writes what is at a path as a tar stream, its entries beginning with the path's last component.
     *
     * @param follow take the file that a link at the end of the path leads to
     * @param first told of what is there before the stream
     * @throws NotFoundException when there is no such container or file
     */
    public void copyFrom(String container, String path, boolean follow, Consumer<PathStat> first, OutputStream out) {
        reading(container, path, (root, asked) -> {
            ContainerPath place = follow
                    ? ContainerPath.parse(canonical(root, asked.absolute()) + (asked.folder() ? "/" : ""))
                    : asked;
            first.accept(stat(root, place, container));
            LiveArchive archive = new LiveArchive(new TarWriter(out));
            byte[] name = place.name().getBytes(StandardCharsets.UTF_8);
            if (place.folder()) {
                try (Handle folder = found(root.resolve(place.absolute(), true), place, container)) {
                    archive.folder(folder, name);
                }
            } else {
                try (Handle parent = found(root.resolve(place.parent(), true), place, container)) {
                    archive.write(parent, place.absolute().getFileName(), name);
                }
            }
            archive.finish();
            return null;
        });
    }

    /**
     * Unpacks a tar stream into a folder.
     *
     * @param toUser whether all is given to the container's user, where it has one; else owners are those of the archive
     * @param replaceKinds whether a folder may take the place of a file, and the other way round
     */
    public void copyTo(String container, String path, boolean toUser, boolean replaceKinds, InputStream tar) {
        reading(container, path, (root, place) -> {
            Path target = canonical(root, place.absolute());
            try (Handle folder = found(root.resolve(target, true), place, container)) {
                if (!folder.status().isDirectory()) {
                    throw new InvalidInputException("extraction point is not a directory: " + place.absolute());
                }
            }
            Container found = containers.get(container);
            if (!found.state().isAlive()
                    && found.settings().request().isolation().readOnly()
                    && found.settings().request().mounts().stream()
                            .noneMatch(mount -> target.startsWith(HostMounts.target(mount)))) {
                throw new InvalidInputException("container rootfs is marked read-only");
            }
            Optional<Owner> owner = toUser && !found.settings().user().isEmpty()
                    ? Optional.of(owner(root, found.settings().user()))
                    : Optional.empty();
            try (LiveUnpacking unpacking = new LiveUnpacking(root, target, owner, replaceKinds, UnpackLimits.DEFAULT)) {
                unpacking.run(tar);
            }
            return null;
        });
    }

    private static Owner owner(Handle root, String user) {
        ContainerUser found = ContainerUser.resolve(root.path(), user);
        return new Owner(found.uid(), found.gid());
    }

    /** Writes the container's own files, without what is mounted over them, as a tar stream. */
    public void export(String container, OutputStream out) {
        Container found = containers.get(container);
        try (ContainerRootfs.Root root = roots.own(found)) {
            LiveArchive archive = new LiveArchive(new TarWriter(out));
            archive.contents(root.handle(), new byte[0]);
            archive.finish();
        } catch (IOException failure) {
            throw StorageFailure.of("cannot export container " + container, failure);
        }
    }

    /** What the container changed in its file system, in the order of the paths. */
    public List<ChangedPath> diff(String container) {
        Container found = containers.get(container);
        return found.snapshot()
                .map(snapshot -> layers.changes(snapshot, stubs(found)))
                .orElse(List.of());
    }

    /** Where something may have been made only to mount on it. */
    public static Set<Path> stubs(Container container) {
        Set<Path> stubs = new TreeSet<>();
        MOUNT_POINTS.forEach(point -> stubs.add(Path.of(point)));
        for (MountRequest mount : container.settings().request().mounts()) {
            for (Path at = ROOT.resolve(mount.target()).normalize(); !at.equals(ROOT); at = at.getParent()) {
                stubs.add(at);
            }
        }
        return stubs;
    }

    private interface Work<T> {
        T on(Handle root, ContainerPath place) throws IOException;
    }

    private <T> T reading(String container, String path, Work<T> work) {
        Container found = containers.get(container);
        ContainerPath place = ContainerPath.parse(path);
        try (ContainerRootfs.Root root = roots.open(found)) {
            return work.on(root.handle(), place);
        } catch (SystemCallException failure) {
            switch (failure.errno()) {
                case SystemCallException.ENOTDIR -> throw new InvalidInputException("not a directory: " + path);
                case SystemCallException.ELOOP -> throw new InvalidInputException("too many symbolic links: " + path);
                case SystemCallException.ENAMETOOLONG -> throw new InvalidInputException("too long a path: " + path);
                default -> throw StorageFailure.of("cannot copy " + container + ":" + path, failure);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot copy " + container + ":" + path, failure);
        }
    }

    private static PathStat stat(Handle root, ContainerPath place, String container) throws IOException {
        try (Handle file = found(root.resolve(place.absolute(), place.folder()), place, container)) {
            FileStatus status = file.status();
            if (place.folder() && !status.isDirectory()) {
                throw new InvalidInputException("not a directory: " + place.absolute());
            }
            String target =
                    status.isSymlink() ? canonical(root, place.absolute()).toString() : "";
            long nanos = status.modified() * 1_000_000_000L + status.modifiedNanos();
            return new PathStat(place.name(), status.size(), status.mode(), nanos, target);
        }
    }

    private static Handle found(Optional<Handle> handle, ContainerPath place, String container) {
        return handle.orElseThrow(() -> new NotFoundException(
                "file",
                place.absolute().toString(),
                "Could not find the file " + place.absolute() + " in container " + container));
    }

    /** The path without links that a path leads to; what is not there is taken by its name. */
    private static Path canonical(Handle root, Path path) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, path);
        Path at = ROOT;
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = at.resolve(rest.pop()).normalize();
            Optional<Handle> found = root.resolve(next, false);
            at = next;
            if (found.isPresent()) {
                try (Handle file = found.get()) {
                    if (file.status().isSymlink()) {
                        if (++links > MOST_LINKS) {
                            throw new InvalidInputException("too many symbolic links: " + path);
                        }
                        Path target = PathBytes.path(file.readlink());
                        push(rest, target);
                        at = target.isAbsolute() ? ROOT : next.getParent();
                    }
                }
            }
        }
        return at;
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }
}
