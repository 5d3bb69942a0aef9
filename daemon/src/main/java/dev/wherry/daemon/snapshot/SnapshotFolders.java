package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.layer.KeptXattrs;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folders of snapshots: {@code <id>/fs} holds the layer as overlayfs wants it, {@code <id>/work} what overlayfs
 * needs beside it while the snapshot is active.
 */
final class SnapshotFolders {

    private static final int ROOT_PERMISSIONS = 0755;

    private final Path snapshots;

    SnapshotFolders(Layout layout) {
        this.snapshots = layout.snapshots();
        try {
            // Set-user-ID programs of images must not be within reach of the host's users.
            Files.createDirectories(
                    snapshots, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make " + snapshots, failure);
        }
    }

    Path all() {
        return snapshots;
    }

    Path of(SnapshotId id) {
        return snapshots.resolve(id.toString());
    }

    Path fs(SnapshotId id) {
        return of(id).resolve("fs");
    }

    Path work(SnapshotId id) {
        return of(id).resolve("work");
    }

    /** Makes the folders of an active snapshot, its root being like that of its parent: a mount shows the upper one. */
    void create(SnapshotId id, Optional<SnapshotId> parent) throws IOException {
        Path fs = fs(id);
        Files.createDirectory(of(id));
        Files.createDirectory(work(id));
        Files.createDirectory(fs);
        if (parent.isPresent()) {
            likeRoot(parent.get(), id);
        } else {
            Inodes.chmod(fs, ROOT_PERMISSIONS);
        }
    }

    /** Makes the root of an active snapshot like that of another. */
    void likeRoot(SnapshotId other, SnapshotId id) throws IOException {
        Path like = fs(other);
        FileStatus status = Inodes.status(like);
        Inodes.lchown(fs(id), status.uid(), status.gid());
        Inodes.chmod(fs(id), status.permissions());
        KeptXattrs.copy(like, fs(id));
    }

    /** Gives an active snapshot the files of another, in the place of its own, and leaves nothing of that. */
    void take(SnapshotId from, SnapshotId to) throws IOException {
        // A folder may take the place of an empty one.
        Files.move(fs(from), fs(to), StandardCopyOption.ATOMIC_MOVE);
        remove(from);
    }

    /** Whether a root folder says more than that it is one, so that a layer has to tell of it. */
    boolean rootDiffers(SnapshotId id, Optional<SnapshotId> parent) throws IOException {
        FileStatus own = Inodes.status(fs(id));
        if (parent.isEmpty()) {
            return own.permissions() != ROOT_PERMISSIONS || own.uid() != 0 || own.gid() != 0;
        }
        FileStatus like = Inodes.status(fs(parent.get()));
        return own.permissions() != like.permissions() || own.uid() != like.uid() || own.gid() != like.gid();
    }

    /** Forgets what overlayfs remembers of an earlier mount; it refuses to mount after a volatile one otherwise. */
    void resetWork(SnapshotId id) throws IOException {
        FileTrees.remove(work(id).resolve("work/incompat"));
    }

    /**
     * Removes folders of the root that are in the layer only because something was made in them and removed again, such
     * as the mount points that a container needs: empty, and as they are below. A step that changes nothing then gives
     * an empty layer.
     */
    void removePassedThrough(SnapshotId id, LowerLayers below) throws IOException {
        FileStatus root = Inodes.status(fs(id));
        boolean removed = false;
        for (Path folder : below.isEmpty() ? List.<Path>of() : FileTrees.list(fs(id))) {
            if (isPassedThrough(folder, below)) {
                Files.delete(folder);
                removed = true;
            }
        }
        if (removed) {
            Inodes.utimensat(fs(id), root.modified(), root.modifiedNanos());
        }
    }

    private static boolean isPassedThrough(Path folder, LowerLayers below) throws IOException {
        FileStatus status = Inodes.status(folder);
        if (!status.isDirectory()
                || OpaqueMark.is(folder)
                || !FileTrees.list(folder).isEmpty()) {
            return false;
        }
        Optional<Path> covered = below.find(folder.getFileName());
        if (covered.isEmpty()) {
            return false;
        }
        FileStatus before = Inodes.status(covered.get());
        return before.isDirectory()
                && before.permissions() == status.permissions()
                && before.uid() == status.uid()
                && before.gid() == status.gid()
                && before.modified() == status.modified()
                && before.modifiedNanos() == status.modifiedNanos()
                && KeptXattrs.read(folder).isEmpty()
                && KeptXattrs.read(covered.get()).isEmpty();
    }

    /** Gives an active snapshot, which is empty, the files of another: the same inodes, in folders of its own. */
    void link(SnapshotId from, SnapshotId to) throws IOException {
        link(fs(from), fs(to));
    }

    private static void link(Path from, Path to) throws IOException {
        for (Path file : FileTrees.list(from)) {
            Path target = to.resolve(file.getFileName());
            FileStatus status = Inodes.status(file);
            if (!status.isDirectory()) {
                Files.createLink(target, file);
                continue;
            }
            Files.createDirectory(target);
            link(file, target);
            Inodes.lchown(target, status.uid(), status.gid());
            Inodes.chmod(target, status.permissions());
            KeptXattrs.copy(file, target);
            Inodes.utimensat(target, status.modified(), status.modifiedNanos());
        }
    }

    void removeWork(SnapshotId id) throws IOException {
        FileTrees.remove(work(id));
    }

    /** Removes a snapshot's folder; returns the bytes freed. */
    long remove(SnapshotId id) throws IOException {
        return FileTrees.remove(of(id));
    }

    /** The snapshots that have a folder. */
    List<SnapshotId> list() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        for (Path folder : FileTrees.list(snapshots)) {
            String name = folder.getFileName().toString();
            if (name.matches("[1-9][0-9]{0,17}")) {
                ids.add(new SnapshotId(Long.parseLong(name)));
            }
        }
        return ids;
    }
}
