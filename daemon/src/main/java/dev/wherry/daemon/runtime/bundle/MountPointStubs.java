package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Mount points that a root file system lacks, made before a step and removed after it, so that they do not become part
 * of a layer. The runtime would make them itself, but then nobody could tell what the folder's modification time was.
 */
public final class MountPointStubs {

    /** What was made: where, and which inode. */
    private record Stub(Path path, long inode, boolean file) {}

    private final Path rootfs;
    private final List<Stub> stubs = new ArrayList<>();

    private MountPointStubs(Path rootfs) {
        this.rootfs = rootfs;
    }

    /** @throws NotDirectoryException when a mount point goes through a file */
    public static MountPointStubs create(Path rootfs, List<ExtraMount> more) throws IOException {
        MountPointStubs stubs = new MountPointStubs(rootfs);
        try {
            for (String mountPoint : Bundle.mountPoints()) {
                stubs.make(Path.of(mountPoint), Bundle.isFile(mountPoint));
            }
            for (ExtraMount mount : more) {
                Path mountPoint = Path.of(mount.target());
                if (!isWithinAnother(mountPoint, more)) {
                    stubs.make(mountPoint, mount.isFile());
                }
            }
            return stubs;
        } catch (Throwable failure) {
            stubs.remove();
            throw failure;
        }
    }

    /** Those within another mount are made there by the runtime, and never reach the root file system. */
    private static boolean isWithinAnother(Path mountPoint, List<ExtraMount> more) {
        return Stream.concat(
                        Stream.of("/proc", "/dev", "/sys"),
                        more.stream().filter(mount -> !mount.isFile()).map(ExtraMount::target))
                .map(Path::of)
                .anyMatch(other -> mountPoint.startsWith(other) && !mountPoint.equals(other));
    }

    private void make(Path mountPoint, boolean file) throws IOException {
        RootedPath rooted = new RootedPath(rootfs);
        Path parent = rooted.resolve(mountPoint.getParent());
        if (Inodes.find(parent).isEmpty()) {
            make(mountPoint.getParent(), false);
        }
        Path path = rooted.resolve(mountPoint);
        if (Inodes.find(path).isPresent()) {
            return;
        }
        FileStatus before = Inodes.status(path.getParent());
        if (file) {
            Files.createFile(path);
        } else {
            Files.createDirectory(path);
        }
        stubs.add(new Stub(path, Inodes.status(path).inode(), file));
        Inodes.utimensat(path.getParent(), before.modified(), before.modifiedNanos());
    }

    /** Removes what was made and is as it was; the folders keep the times that the step gave them. */
    public void remove() throws IOException {
        for (Stub stub : stubs.reversed()) {
            Path parent = stub.path().getParent();
            // The step may have put a link where the folder was.
            if (!new RootedPath(rootfs)
                    .resolve(Path.of("/").resolve(rootfs.relativize(parent)))
                    .equals(parent)) {
                continue;
            }
            Optional<FileStatus> status = Inodes.find(stub.path());
            if (status.isPresent() && isUntouched(stub, status.get())) {
                FileStatus before = Inodes.status(parent);
                try {
                    Files.delete(stub.path());
                } catch (DirectoryNotEmptyException usedByTheStep) {
                    continue;
                }
                Inodes.utimensat(parent, before.modified(), before.modifiedNanos());
            }
        }
    }

    private static boolean isUntouched(Stub stub, FileStatus status) {
        return status.inode() == stub.inode()
                && (stub.file() ? status.isRegular() && status.size() == 0 : status.isDirectory());
    }
}
