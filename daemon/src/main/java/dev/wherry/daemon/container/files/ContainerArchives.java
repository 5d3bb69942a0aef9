package dev.wherry.daemon.container.files;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import dev.wherry.daemon.snapshot.LiveLayers;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.files.LiveTree;
import dev.wherry.daemon.snapshot.files.PathStat;
import dev.wherry.daemon.snapshot.files.TreePath;
import dev.wherry.daemon.snapshot.layer.ChangedPath;
import dev.wherry.daemon.snapshot.layer.LiveArchive;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking.Owner;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    /** What every container has mounted; where an image has nothing there, something was made to mount on. */
    private static final List<String> MOUNT_POINTS =
            List.of("/proc", "/dev", "/sys", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

    private final Containers containers;
    private final LiveLayers layers;
    private final ContainerRootfs roots;
    private final ContainerActivity activity;

    public ContainerArchives(
            Containers containers,
            Lifecycle lifecycle,
            LiveLayers layers,
            Layout layout,
            Snapshotter snapshotter,
            Volumes volumes,
            ContainerActivity activity) {
        this.activity = activity;
        this.containers = containers;
        this.layers = layers;
        this.roots = new ContainerRootfs(containers, lifecycle, layout, snapshotter, volumes);
    }

    /**
     * What is at a path.
     *
     * @throws NotFoundException when there is no such container or file
     */
    public PathStat stat(String container, String path) {
        return reading(container, path, LiveTree::stat);
    }

    /**
     * Writes what is at a path as a tar stream, its entries beginning with the path's last component.
     *
     * @param follow take the file that a link at the end of the path leads to
     * @param first receives what is there before the stream begins
     * @throws NotFoundException when there is no such container or file
     */
    public void copyFrom(String container, String path, boolean follow, Consumer<PathStat> first, OutputStream out) {
        reading(container, path, (tree, place) -> {
            activity.tell(containers.get(container), "archive-path", Map.of("path", path));
            tree.copyFrom(place, follow, first, out);
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
        reading(container, path, (tree, place) -> {
            Path target = tree.folder(place);
            Container found = containers.get(container);
            if (found.state().isAlive() && found.settings().request().pod().isMapped()) {
                throw new ConflictException(
                        "the users of container " + container + " are those of a user namespace: copy"
                                + " into it when it does not run, or by a program in it, as with \"kubectl cp\"");
            }
            if (!found.state().isAlive()
                    && found.settings().request().isolation().readOnly()
                    && found.settings().mounts().stream().noneMatch(mount -> target.startsWith(mount.place()))) {
                throw new InvalidInputException("container rootfs is marked read-only");
            }
            Optional<Owner> owner = toUser && !found.settings().user().isEmpty()
                    ? Optional.of(owner(tree.root(), found.settings().user()))
                    : Optional.empty();
            tree.copyTo(target, owner, replaceKinds, tar);
            activity.tell(found, "extract-to-dir", Map.of("path", path));
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
            activity.tell(found, "export", Map.of());
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
        for (MountRequest mount : container.settings().mounts()) {
            for (Path at = ROOT.resolve(mount.target()).normalize(); !at.equals(ROOT); at = at.getParent()) {
                stubs.add(at);
            }
        }
        return stubs;
    }

    private interface Work<T> {
        T on(LiveTree tree, TreePath place) throws IOException;
    }

    private <T> T reading(String container, String path, Work<T> work) {
        Container found = containers.get(container);
        TreePath place = TreePath.parse(path);
        return LiveTree.explaining(container + ":" + path, () -> {
            try (ContainerRootfs.Root root = roots.open(found)) {
                return work.on(new LiveTree(root.handle(), "container " + container), place);
            }
        });
    }
}
