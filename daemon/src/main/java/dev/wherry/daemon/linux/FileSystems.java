package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** File systems as a whole. */
public final class FileSystems {

    private static final int O_DIRECTORY_CLOEXEC = 0200000 | 02000000;

    private static final int O_PATH = 010000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int STATFS_SIZE = 120;
    private static final int FILES = 40;
    private static final int FLAGS = 80;
    private static final Map<Integer, String> RESTRICTIONS =
            new TreeMap<>(Map.of(2, "nosuid", 4, "nodev", 8, "noexec"));

    private FileSystems() {}

    /** How many files a file system may have, and how many more it takes. */
    public record FileCount(long total, long free) {}

    /** The inodes of the file system of a path. */
    public static FileCount fileCount(Path path) throws SystemCallException {
        ByteBuffer words = status(path);
        return new FileCount(words.getLong(FILES), words.getLong(FILES + Long.BYTES));
    }

    /** What the mount that a path is on keeps from programs, by the names of mount(8): of "nosuid", "nodev" and "noexec". */
    public static List<String> restrictions(Path path) throws SystemCallException {
        long flags = status(path).getLong(FLAGS);
        return RESTRICTIONS.entrySet().stream()
                .filter(known -> (flags & known.getKey()) != 0)
                .map(Map.Entry::getValue)
                .toList();
    }

    private static ByteBuffer status(Path path) throws SystemCallException {
        byte[] status = new byte[STATFS_SIZE];
        try {
            int fd = LibC.C.open(PathBytes.terminated(path), O_PATH | O_CLOEXEC, 0);
            try {
                LibC.C.fstatfs(fd, status);
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("statfs", path, failure);
        }
        return ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
    }

    /** Returns when all that was written to the file system that holds this directory is on disk (syncfs(2)). */
    public static void sync(Path directory) throws SystemCallException {
        try {
            int fd = LibC.C.open(PathBytes.terminated(directory), O_DIRECTORY_CLOEXEC, 0);
            try {
                LibC.C.syncfs(fd);
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("syncfs", directory, failure);
        }
    }
}
