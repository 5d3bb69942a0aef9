package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Mounts that show the owners of files as a user namespace maps them, while the disk keeps them as they are: what belongs to
 * root there belongs to the namespace's root here (mount_setattr(2), "ID-mapped mounts").
 */
public final class MappedMounts {

    private static final int MOVE_MOUNT = 429;
    private static final int MOUNT_SETATTR = 442;
    private static final int O_CLOEXEC = 02000000;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final long MOUNT_ATTR_IDMAP = 0x100000;
    private static final long MOUNT_ATTR_NODEV = 4;
    private static final long MS_PRIVATE = 1 << 18;
    private static final int CAPABILITY_VERSION = 0x20080522;
    private static final byte[] ITSELF = {0};

    private MappedMounts() {}

    /**
     * Whose files those of the host are to be.
     *
     * @param namespace a mount of the user namespace
     * @param rootUid the user of the host that its root is
     * @param rootGid the group of the host that its root's is
     */
    public record Users(Path namespace, int rootUid, int rootGid) {}

    /**
     * Makes a file or folder of the host appear at target too, with the mounts below it.
     *
     * @param isPrivate whether what is mounted below the source later stays away
     * @throws SystemCallException with {@code EINVAL} when a file system there cannot be mapped
     */
    public static void attach(Path source, Users users, boolean isPrivate, Path target) throws SystemCallException {
        attach(source, users, MOUNT_ATTR_IDMAP, isPrivate, target);
    }

    /** As above; device nodes in it open nothing. */
    public static void attachWithoutDevices(Path source, Users users, Path target) throws SystemCallException {
        attach(source, users, MOUNT_ATTR_IDMAP | MOUNT_ATTR_NODEV, true, target);
    }

    private static void attach(Path source, Users mapped, long set, boolean isPrivate, Path target)
            throws SystemCallException {
        try (Handle tree = Handle.mounts(source)) {
            int users = LibC.C.open(PathBytes.terminated(mapped.namespace()), O_CLOEXEC, 0);
            try {
                byte[] attributes = ByteBuffer.allocate(4 * Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(set)
                        .putLong(0)
                        .putLong(isPrivate ? MS_PRIVATE : 0)
                        .putLong(users)
                        .array();
                LibC.C.syscall(
                        new NativeLong(MOUNT_SETATTR),
                        new NativeLong(tree.descriptor()),
                        ITSELF,
                        new NativeLong(LibC.AT_EMPTY_PATH | AT_RECURSIVE),
                        attributes,
                        new NativeLong(attributes.length));
            } finally {
                LibC.C.close(users);
            }
            LibC.C.syscall(
                    new NativeLong(MOVE_MOUNT),
                    new NativeLong(tree.descriptor()),
                    ITSELF,
                    new NativeLong(LibC.AT_FDCWD),
                    PathBytes.terminated(target),
                    new NativeLong(MOVE_MOUNT_F_EMPTY_PATH));
        } catch (LastErrorException failure) {
            throw new SystemCallException("map the users of", source, failure);
        }
    }

    /**
     * Mounts an overlay of folders that were attached so. The kernel makes the files of an overlay as whoever mounted it:
     * that must be a user whom the namespace maps.
     *
     * @param directory what relative names in the options start from
     */
    public static void overlay(Path directory, String options, Users users, Path target) throws SystemCallException {
        Mounts.inDirectory(directory, () -> {
            becomeOwner(users.rootUid(), users.rootGid());
            Mounts.overlayHere(options, false, target);
        });
    }

    /** For this thread, and for files only: all capabilities stay, also those that the kernel takes from who is not root. */
    private static void becomeOwner(int uid, int gid) throws SystemCallException {
        byte[] header = ByteBuffer.allocate(2 * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CAPABILITY_VERSION)
                .array();
        byte[] sets = new byte[6 * Integer.BYTES];
        try {
            LibC.C.capget(header, sets);
            LibC.C.setfsgid(gid);
            LibC.C.setfsuid(uid);
            LibC.C.capset(header, sets);
        } catch (LastErrorException failure) {
            throw new SystemCallException("make files as user " + uid + " in", Path.of("."), failure);
        }
    }
}
