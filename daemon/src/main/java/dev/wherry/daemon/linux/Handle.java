package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file or folder held open by itself, not by its name, so that it stays the same whatever others do to the names that
 * lead to it. This is how files are reached in a tree that untrusted processes change meanwhile: only one name is looked
 * up at a time, in a folder that is held, and a symbolic link in its place is never followed ({@link #child}); or the
 * kernel walks a whole path with this folder as its root, which no link and no {@code ..} leaves ({@link #resolve}).
 *
 * <p>{@link #path} names the thing to functions that want a path. Followed by one name and given to a function that does
 * not follow links, such as those of {@link Inodes} but for chmod, it reaches into this folder and nowhere else.
 */
public final class Handle implements AutoCloseable {

    private static final int O_PATH = 010000000;
    private static final int O_DIRECTORY = 0200000;
    private static final int O_NOFOLLOW = 0400000;
    private static final int O_CLOEXEC = 02000000;
    private static final int OPENAT2 = 437;
    private static final int OPEN_TREE = 428;
    private static final int OPEN_TREE_CLONE = 1;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int RESOLVE_NO_MAGICLINKS = 0x2;
    private static final int RESOLVE_BENEATH = 0x8;
    private static final int RESOLVE_IN_ROOT = 0x10;
    /** Tries before a path whose folders are moved about all the time is given up. */
    private static final int TRIES = 64;

    private static final int PATH_MAX = 4096;
    private static final int STATFS_SIZE = 120;
    /** Magic numbers of proc, sysfs, both cgroups, devpts, mqueue, bpf, debugfs, tracefs and securityfs. */
    private static final Set<Integer> KERNEL_TREES = Set.of(
            0x9fa0,
            0x62656572,
            0x27e0eb,
            0x63677270,
            0x1cd1,
            0x19800202,
            0xcafe4a11,
            0x64626720,
            0x74726163,
            0x73636673);

    private final int fd;
    private boolean closed;
    private final Path path;

    private Handle(int fd) {
        this.fd = fd;
        this.path = Path.of("/proc/self/fd/" + fd);
    }

    /** Holds an existing folder, links in the path followed as usual. */
    public static Handle folder(Path path) throws SystemCallException {
        try {
            return new Handle(LibC.C.open(PathBytes.terminated(path), O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
        } catch (LastErrorException failure) {
            throw new SystemCallException("open", path, failure);
        }
    }

    /**
     * Holds a copy of the mounts at and below a folder, which are reached through it alone: the mounts themselves can be
     * unmounted at once, and the copy goes when it is closed, however the daemon ends.
     */
    public static Handle mounts(Path folder) throws SystemCallException {
        try {
            return new Handle(LibC.C
                    .syscall(
                            new NativeLong(OPEN_TREE),
                            new NativeLong(LibC.AT_FDCWD),
                            PathBytes.terminated(folder),
                            new NativeLong(OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE))
                    .intValue());
        } catch (LastErrorException failure) {
            throw new SystemCallException("open_tree", folder, failure);
        }
    }

    int descriptor() {
        return fd;
    }

    /** What a name in this folder is, a link being a link; empty when there is nothing. */
    public Optional<Handle> child(Path name) throws SystemCallException {
        try {
            return Optional.of(
                    new Handle(LibC.C.openat(fd, PathBytes.terminated(name), O_PATH | O_NOFOLLOW | O_CLOEXEC, 0)));
        } catch (LastErrorException failure) {
            return absent("open", name, failure);
        }
    }

    /**
     * What a path means to a process whose root this folder is; empty when there is nothing.
     *
     * @param follow whether a link as the last component is followed too
     * @throws SystemCallException also when the path goes through a file, or through too many links
     */
    public Optional<Handle> resolve(Path absolute, boolean follow) throws SystemCallException {
        return open(absolute, follow ? 0 : O_NOFOLLOW, RESOLVE_IN_ROOT);
    }

    /**
     * What is at a relative path in this folder, links followed; empty when there is nothing.
     *
     * @throws SystemCallException with {@code EXDEV} when the path, or a link on it, leads out of this folder
     */
    public Optional<Handle> beneath(Path relative) throws SystemCallException {
        return open(relative, 0, RESOLVE_BENEATH);
    }

    private Optional<Handle> open(Path path, int more, int resolve) throws SystemCallException {
        long flags = O_PATH | O_CLOEXEC | more;
        byte[] how = ByteBuffer.allocate(24)
                .order(ByteOrder.nativeOrder())
                .putLong(flags)
                .putLong(0)
                .putLong(resolve | RESOLVE_NO_MAGICLINKS)
                .array();
        for (int tries = 1; ; tries++) {
            try {
                return Optional.of(new Handle(LibC.C
                        .syscall(
                                new NativeLong(OPENAT2),
                                new NativeLong(fd),
                                PathBytes.terminated(path),
                                how,
                                new NativeLong(how.length))
                        .intValue()));
            } catch (LastErrorException failure) {
                if (failure.getErrorCode() != SystemCallException.EAGAIN || tries == TRIES) {
                    return absent("open", path, failure);
                }
            }
        }
    }

    private static Optional<Handle> absent(String call, Path path, LastErrorException failure)
            throws SystemCallException {
        if (failure.getErrorCode() == SystemCallException.ENOENT) {
            return Optional.empty();
        }
        throw new SystemCallException(call, path, failure);
    }

    /** Names what is held, as long as it is held. Functions that do not follow links take it for a link of procfs. */
    public Path path() {
        return path;
    }

    /** Names the folder that is held to functions that do not follow links too, such as those that set owners. */
    public Path folderPath() {
        return path.resolve(".");
    }

    public FileStatus status() throws SystemCallException {
        return Inodes.status(fd, path);
    }

    /** The names in this folder, in the order of their bytes. */
    public List<Path> names() throws IOException {
        return FileTrees.list(path).stream().map(Path::getFileName).toList();
    }

    /** Opens a regular file for reading; anything else could block or do something. */
    public FileChannel read() throws IOException {
        if (!status().isRegular()) {
            throw new IOException("it is no regular file");
        }
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    /** The bytes of a symbolic link's target. */
    public byte[] readlink() throws SystemCallException {
        byte[] target = new byte[PATH_MAX];
        try {
            int length = LibC.C
                    .readlinkat(fd, new byte[1], target, new NativeLong(target.length))
                    .intValue();
            return Arrays.copyOf(target, length);
        } catch (LastErrorException failure) {
            throw new SystemCallException("readlink", path, failure);
        }
    }

    /** The names of the extended attributes of a file or folder, in the order of their bytes. */
    public List<String> xattrs() throws SystemCallException {
        return Inodes.xattrs(path, true);
    }

    /** The value of an extended attribute of a file or folder. */
    public Optional<byte[]> xattr(String name) throws SystemCallException {
        return Inodes.xattr(path, name, true);
    }

    /** Sets an extended attribute of a file or folder. */
    public void setXattr(String name, byte[] value) throws SystemCallException {
        try {
            LibC.C.setxattr(
                    PathBytes.terminated(path), PathBytes.terminated(name), value, new NativeLong(value.length), 0);
        } catch (LastErrorException failure) {
            throw new SystemCallException("setxattr " + name, path, failure);
        }
    }

    /** Whether this is where the kernel shows its own state as files: such trees have no end, and files no size. */
    public boolean isKernelTree() throws SystemCallException {
        byte[] status = new byte[STATFS_SIZE];
        try {
            LibC.C.fstatfs(fd, status);
        } catch (LastErrorException failure) {
            throw new SystemCallException("statfs", path, failure);
        }
        return KERNEL_TREES.contains(
                ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getInt(0));
    }

    /** Sets owner and group. The kernel clears set-user-ID and file capabilities with it: set those afterwards. */
    public void chown(int uid, int gid) throws SystemCallException {
        try {
            LibC.C.fchownat(fd, new byte[1], uid, gid, LibC.AT_EMPTY_PATH);
        } catch (LastErrorException failure) {
            throw new SystemCallException("chown", path, failure);
        }
    }

    /** Sets access and modification time of a file or folder, in seconds since 1970 and nanoseconds to add. */
    public void date(long seconds, int nanos) throws SystemCallException {
        long[] times = {seconds, nanos, seconds, nanos};
        try {
            LibC.C.utimensat(LibC.AT_FDCWD, PathBytes.terminated(path), times, 0);
        } catch (LastErrorException failure) {
            throw new SystemCallException("utimensat", path, failure);
        }
    }

    /** Sets permission bits of what is no symbolic link. */
    public void chmod(int permissions) throws SystemCallException {
        Inodes.chmod(path, permissions);
    }

    /** Removes what has this name in this folder, a folder with all that is in it; nothing there is fine. */
    public void remove(Path name) throws IOException {
        Optional<Handle> found = child(name);
        if (found.isEmpty()) {
            return;
        }
        try (Handle child = found.get()) {
            if (child.status().isDirectory()) {
                for (Path inner : child.names()) {
                    child.remove(inner);
                }
            }
        }
        Files.deleteIfExists(path.resolve(name));
    }

    /** Closes it once: by a second time the number may be that of a file of another thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            LibC.C.close(fd);
        } catch (LastErrorException gone) {
            // Nothing is left to be closed.
        }
    }
}
