package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the kernel keeps of a file besides its content. No function here follows a symbolic link at the path's end. */
public final class Inodes {

    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    private static final int PATH_MAX = 4096;
    private static final int XATTR_LIST_MAX = 65536;
    private static final int XATTR_SIZE_MAX = 65536;
    private static final int USUAL_LIST = 128;
    private static final int USUAL_VALUE = 256;

    private Inodes() {}

    /** One lstat. */
    public static FileStatus status(Path path) throws SystemCallException {
        return find(path).orElseThrow(() -> failure("stat", path, new LastErrorException(SystemCallException.ENOENT)));
    }

    /** One lstat, or empty when there is nothing at this path. */
    public static Optional<FileStatus> find(Path path) throws SystemCallException {
        byte[] status = new byte[STATX_SIZE];
        try {
            LibC.C.statx(
                    LibC.AT_FDCWD, PathBytes.terminated(path), LibC.AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status);
        } catch (LastErrorException failure) {
            int errno = failure.getErrorCode();
            if (errno == SystemCallException.ENOENT || errno == SystemCallException.ENOTDIR) {
                return Optional.empty();
            }
            throw failure("stat", path, failure);
        }
        return Optional.of(parse(ByteBuffer.wrap(status).order(ByteOrder.nativeOrder())));
    }

    /** What an open descriptor stands for, by itself. */
    static FileStatus status(int fd, Path path) throws SystemCallException {
        byte[] status = new byte[STATX_SIZE];
        try {
            LibC.C.statx(fd, new byte[1], LibC.AT_EMPTY_PATH, STATX_BASIC_STATS, status);
        } catch (LastErrorException failure) {
            throw failure("stat", path, failure);
        }
        return parse(ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()));
    }

    /** Offsets are those of struct statx, the same on every architecture. */
    private static FileStatus parse(ByteBuffer statx) {
        return new FileStatus(
                FileStatus.device(statx.getInt(136), statx.getInt(140)),
                statx.getLong(32),
                statx.getShort(28) & 0xffff,
                statx.getInt(16),
                statx.getInt(20),
                statx.getInt(24),
                statx.getLong(40),
                FileStatus.device(statx.getInt(128), statx.getInt(132)),
                statx.getLong(112),
                statx.getInt(120),
                statx.getLong(96),
                statx.getInt(104));
    }

    /**
     * Makes a device node, FIFO or socket.
     *
     * @param mode type and permissions; the umask is applied
     * @param device see {@link FileStatus#device(int, int)}; 0 for what is no device
     */
    public static void mknod(Path path, int mode, long device) throws SystemCallException {
        try {
            LibC.C.mknod(PathBytes.terminated(path), mode, new NativeLong(device));
        } catch (LastErrorException failure) {
            throw failure("mknod", path, failure);
        }
    }

    /** Makes a symbolic link with exactly these bytes as its target. */
    public static void symlink(byte[] target, Path path) throws SystemCallException {
        try {
            LibC.C.symlink(PathBytes.terminated(target), PathBytes.terminated(path));
        } catch (LastErrorException failure) {
            throw failure("symlink", path, failure);
        }
    }

    /** The bytes of a symbolic link's target. */
    public static byte[] readlink(Path path) throws SystemCallException {
        byte[] target = new byte[PATH_MAX];
        try {
            return Arrays.copyOf(
                    target,
                    LibC.C
                            .readlink(PathBytes.terminated(path), target, new NativeLong(target.length))
                            .intValue());
        } catch (LastErrorException failure) {
            throw failure("readlink", path, failure);
        }
    }

    /** Sets permission bits; the path must be no symbolic link, which has none of its own. */
    public static void chmod(Path path, int permissions) throws SystemCallException {
        try {
            LibC.C.chmod(PathBytes.terminated(path), permissions);
        } catch (LastErrorException failure) {
            throw failure("chmod", path, failure);
        }
    }

    /** Sets owner and group. The kernel clears set-user-ID and file capabilities with it: set those afterwards. */
    public static void lchown(Path path, int uid, int gid) throws SystemCallException {
        try {
            LibC.C.lchown(PathBytes.terminated(path), uid, gid);
        } catch (LastErrorException failure) {
            throw failure("chown", path, failure);
        }
    }

    /** Sets access and modification time, in seconds since 1970 and nanoseconds to add. */
    public static void utimensat(Path path, long seconds, int nanos) throws SystemCallException {
        long[] times = {seconds, nanos, seconds, nanos};
        try {
            LibC.C.utimensat(LibC.AT_FDCWD, PathBytes.terminated(path), times, LibC.AT_SYMLINK_NOFOLLOW);
        } catch (LastErrorException failure) {
            throw failure("utimensat", path, failure);
        }
    }

    /** The value of an extended attribute, or empty when the file has none of this name. */
    public static Optional<byte[]> xattr(Path path, String name) throws SystemCallException {
        return xattr(path, name, false);
    }

    static Optional<byte[]> xattr(Path path, String name, boolean follow) throws SystemCallException {
        byte[] file = PathBytes.terminated(path);
        byte[] attribute = PathBytes.terminated(name);
        try {
            return Optional.of(grow(
                    USUAL_VALUE,
                    XATTR_SIZE_MAX,
                    value -> follow
                            ? LibC.C.getxattr(file, attribute, value, new NativeLong(value.length))
                            : LibC.C.lgetxattr(file, attribute, value, new NativeLong(value.length))));
        } catch (LastErrorException failure) {
            int errno = failure.getErrorCode();
            if (errno == SystemCallException.ENODATA || errno == SystemCallException.ENOTSUP) {
                return Optional.empty();
            }
            throw failure("getxattr " + name, path, failure);
        }
    }

    /** Sets an extended attribute. */
    public static void setXattr(Path path, String name, byte[] value) throws SystemCallException {
        try {
            LibC.C.lsetxattr(
                    PathBytes.terminated(path), PathBytes.terminated(name), value, new NativeLong(value.length), 0);
        } catch (LastErrorException failure) {
            throw failure("setxattr " + name, path, failure);
        }
    }

    /** The names of the extended attributes, in the order of their bytes. */
    public static List<String> xattrs(Path path) throws SystemCallException {
        return xattrs(path, false);
    }

    static List<String> xattrs(Path path, boolean follow) throws SystemCallException {
        byte[] file = PathBytes.terminated(path);
        byte[] list;
        try {
            list = grow(
                    USUAL_LIST,
                    XATTR_LIST_MAX,
                    names -> follow
                            ? LibC.C.listxattr(file, names, new NativeLong(names.length))
                            : LibC.C.llistxattr(file, names, new NativeLong(names.length)));
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() == SystemCallException.ENOTSUP) {
                return List.of();
            }
            throw failure("listxattr", path, failure);
        }
        return list.length == 0 ? List.of() : split(list);
    }

    private static List<String> split(byte[] list) {
        List<String> names = new ArrayList<>();
        for (int start = 0, i = 0; i < list.length; i++) {
            if (list[i] == 0) {
                names.add(new String(list, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        names.sort(null);
        return names;
    }

    private interface Fill {
        NativeLong into(byte[] buffer);
    }

    /** Tries with a small buffer, since nearly everything fits in it, then with the largest that can be needed. */
    private static byte[] grow(int usual, int most, Fill fill) {
        byte[] buffer = new byte[usual];
        try {
            return Arrays.copyOf(buffer, fill.into(buffer).intValue());
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() != SystemCallException.ERANGE) {
                throw failure;
            }
        }
        buffer = new byte[most];
        return Arrays.copyOf(buffer, fill.into(buffer).intValue());
    }

    private static SystemCallException failure(String call, Path path, LastErrorException failure) {
        return new SystemCallException(call, path, failure);
    }
}
