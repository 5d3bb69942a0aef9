package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whole trees of files that anybody may have filled, as root may: links, any depth, immutable files. */
public final class FileTrees {

    /** Folders with longer paths are moved up first, before a path becomes longer than the kernel takes (4096). */
    private static final int LONGEST_PATH = 3000;

    private static final int O_NONBLOCK_NOFOLLOW_CLOEXEC = 04000 | 0400000 | 02000000;
    private static final long FS_IOC_GETFLAGS = 0x80086601L;
    private static final long FS_IOC_SETFLAGS = 0x40086602L;
    private static final int IMMUTABLE_OR_APPEND_ONLY = 0x10 | 0x20;

    private FileTrees() {}

    /**
     * Removes a file or a folder with all that is in it. Symbolic links are removed, never followed; a mount point in it
     * is an error. Nothing there is fine, and so is another thread that removes the same.
     *
     * @return bytes of the regular files that are gone with it, each inode counted once
     */
    public static long remove(Path path) throws IOException {
        return new Removal(path).remove(path);
    }

    /**
     * Bytes of the regular files in a tree, each inode counted once. What vanishes meanwhile does not count.
     *
     * @throws CancelledException when the thread is interrupted
     */
    public static long size(Path path) throws IOException {
        return size(path, new HashSet<>());
    }

    private static long size(Path path, Set<Long> linked) throws IOException {
        Optional<FileStatus> found = Inodes.find(path);
        if (found.isEmpty()) {
            return 0;
        }
        FileStatus status = found.get();
        if (status.isDirectory()) {
            CancelledException.throwIfInterrupted();
            long bytes = 0;
            try {
                for (Path child : list(path)) {
                    bytes += size(child, linked);
                }
            } catch (NoSuchFileException gone) {
                return bytes;
            }
            return bytes;
        }
        boolean counts = status.isRegular() && (status.links() == 1 || linked.add(status.inode()));
        return counts ? status.size() : 0;
    }

    /** The files and folders in a folder, in the order of their names' bytes. */
    public static List<Path> list(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        // Paths of this file system compare by their bytes, unsigned.
        children.sort(null);
        return children;
    }

    private static final class Removal {

        private final Path top;
        private int moved;

        Removal(Path top) {
            this.top = top;
        }

        long remove(Path path) throws IOException {
            Optional<FileStatus> found = Inodes.find(path);
            if (found.isEmpty()) {
                return 0;
            }
            FileStatus status = found.get();
            if (status.isDirectory()) {
                return removeDirectory(path);
            }
            delete(path, status.isRegular());
            return status.isRegular() && status.links() == 1 ? status.size() : 0;
        }

        private long removeDirectory(Path directory) throws IOException {
            Path reachable = PathBytes.of(directory).length > LONGEST_PATH ? moveUp(directory) : directory;
            long bytes = 0;
            try {
                for (Path child : list(reachable)) {
                    bytes += remove(child);
                }
            } catch (NoSuchFileException removedByAnother) {
                return bytes;
            }
            delete(reachable, true);
            return bytes;
        }

        private Path moveUp(Path directory) throws IOException {
            Path higher;
            do {
                higher = top.resolve(".removed-" + moved++);
            } while (Inodes.find(higher).isPresent());
            unlock(directory);
            unlock(directory.getParent());
            return Files.move(directory, higher);
        }

        private static void delete(Path path, boolean mayBeLocked) throws IOException {
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException failure) {
                throw failure;
            } catch (FileSystemException failure) {
                if (mayBeLocked) {
                    unlock(path);
                }
                unlock(path.getParent());
                Files.deleteIfExists(path);
            }
        }

        /** Takes away what chattr(1) sets as {@code i} and {@code a}; nothing can be removed in such a folder either. */
        private static void unlock(Path path) {
            try {
                int fd = LibC.C.open(PathBytes.terminated(path), O_NONBLOCK_NOFOLLOW_CLOEXEC, 0);
                try {
                    int[] flags = new int[2];
                    LibC.C.ioctl(fd, new NativeLong(FS_IOC_GETFLAGS), flags);
                    if ((flags[0] & IMMUTABLE_OR_APPEND_ONLY) != 0) {
                        flags[0] &= ~IMMUTABLE_OR_APPEND_ONLY;
                        LibC.C.ioctl(fd, new NativeLong(FS_IOC_SETFLAGS), flags);
                    }
                } finally {
                    LibC.C.close(fd);
                }
            } catch (LastErrorException notOnThisFileSystem) {
                // Then the second attempt to remove the file tells the reason.
            }
        }
    }

    /**
     * What a tree takes.
     *
     * @param bytes of regular files
     * @param inodes files and folders, the top one included; a file with several names counts once for each
     */
    public record Use(long bytes, long inodes) {

        public static final Use NOTHING = new Use(0, 0);
    }

    /** Measures a tree. What vanishes meanwhile does not count; nothing there takes nothing. */
    public static Use use(Path top) throws IOException {
        long[] counts = new long[2];
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                CancelledException.throwIfInterrupted();
                counts[1]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                counts[0] += attributes.isRegularFile() ? attributes.size() : 0;
                counts[1]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Use(counts[0], counts[1]);
    }
}
