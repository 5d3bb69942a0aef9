package dev.wherry.daemon.linux;

/**
 * What one lstat tells of an inode.
 *
 * @param device the file system it is on; unique together with {@code inode}
 * @param mode type and permissions, as in inode(7)
 * @param size bytes of a regular file's content, or of a symbolic link's target
 * @param rdev for a device node, the device that it is; see {@link #major} and {@link #minor}
 * @param modified seconds since 1970, of the content
 * @param modifiedNanos nanoseconds to add to it
 * @param changed seconds since 1970, of the content or the inode
 * @param changedNanos nanoseconds to add to it
 */
public record FileStatus(
        long device,
        long inode,
        int mode,
        int links,
        int uid,
        int gid,
        long size,
        long rdev,
        long modified,
        int modifiedNanos,
        long changed,
        int changedNanos) {

    public static final int TYPE = 0170000;
    public static final int SOCKET = 0140000;
    public static final int SYMLINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHARACTER = 0020000;
    public static final int FIFO = 0010000;

    /** One of the type constants of this class. */
    public int type() {
        return mode & TYPE;
    }

    /** The permission bits, with set-user-ID, set-group-ID and sticky. */
    public int permissions() {
        return mode & 07777;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isSymlink() {
        return type() == SYMLINK;
    }

    /** Whether overlayfs reads it as "there is nothing here, whatever lower layers hold". */
    public boolean isWhiteout() {
        return type() == CHARACTER && rdev == 0;
    }

    /** The major number of a device node. */
    public int major() {
        return (int) (rdev >>> 8 & 0xfff);
    }

    /** The minor number of a device node. */
    public int minor() {
        return (int) (rdev & 0xff | rdev >>> 12 & 0xfff00);
    }

    /** The device number that mknod(2) takes. */
    public static long device(int major, int minor) {
        return minor & 0xffL | (major & 0xfffL) << 8 | (minor & 0xfff00L) << 12;
    }
}
