package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts of the mount namespace that the daemon runs in. Everything is mounted {@code nodev} unless a
 * container asks otherwise: a device node that an image brings opens nothing.
 */
public final class Mounts {

    private static final int MS_RDONLY = 1;
    private static final int MS_NODEV = 4;
    private static final int MS_REMOUNT = 32;
    private static final int MS_BIND = 4096;
    private static final int MS_REC = 16384;
    private static final int MS_PRIVATE = 1 << 18;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int CLONE_FS = 0x200;
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    private Mounts() {}

    /**
     * One mount, as proc_pid_mountinfo(5) lists it.
     *
     * @param target where it is mounted
     * @param type of the file system, as "overlay"
     * @param source what the file system calls its source
     * @param options of this mount, as "rw,nodev"
     * @param superOptions of the file system, as "rw,lowerdir=…"
     */
    public record Mount(Path target, String type, String source, String options, String superOptions) {}

    /**
     * Mounts an overlay.
     *
     * @param directory what relative names in the options start from. The kernel limits options to one page, which
     *     relative names keep far away.
     * @param options as in mount(8): {@code lowerdir=2/fs:1/fs,…}
     */
    public static void overlay(Path directory, String options, boolean readOnly, Path target)
            throws SystemCallException {
        inDirectory(directory, () -> overlayHere(options, readOnly, target));
    }

    /** As above; the directory is that of the thread. */
    static void overlayHere(String options, boolean readOnly, Path target) throws SystemCallException {
        mount("overlay", target, "overlay", MS_NODEV | (readOnly ? MS_RDONLY : 0), options);
    }

    /** Makes the folder or file source appear at target too; mounts below source do not. */
    public static void bind(Path source, Path target, boolean readOnly) throws SystemCallException {
        mount(source, target, null, MS_BIND, null);
        try {
            restrict(target, readOnly);
        } catch (SystemCallException failure) {
            unmount(target);
            throw failure;
        }
    }

    /**
     * As above, in a tree that others may change meanwhile.
     *
     * @param root what the target is resolved from
     */
    public static void bind(Path source, Handle root, Path target, boolean readOnly) throws IOException {
        try (Handle point = held(root, target)) {
            mount(source, point.path(), null, MS_BIND, null);
        }
        // The handle is of what is below the mount now.
        try (Handle mounted = held(root, target)) {
            restrict(mounted.path(), readOnly);
        }
    }

    private static Handle held(Handle root, Path target) throws IOException {
        return root.resolve(target, true).orElseThrow(() -> new NoSuchFileException(target.toString()));
    }

    /** A bind mount takes its flags from the source unless it is mounted anew. */
    private static void restrict(Path target, boolean readOnly) throws SystemCallException {
        mount(null, target, null, MS_REMOUNT | MS_BIND | MS_NODEV | (readOnly ? MS_RDONLY : 0), null);
    }

    /** What was bound to a folder of the daemon's own can only be read there from now on. */
    public static void makeReadOnly(Path target) throws SystemCallException {
        restrict(target, true);
    }

    /** @param options as in tmpfs(5), or empty: {@code mode=0755,size=64m} */
    public static void tmpfs(Path target, String options) throws SystemCallException {
        tmpfs(target, options, false);
    }

    /**
     * As above.
     *
     * @param devices whether device nodes in it can be opened
     */
    public static void tmpfs(Path target, String options, boolean devices) throws SystemCallException {
        mount("tmpfs", target, "tmpfs", devices ? 0 : MS_NODEV, options);
    }

    /**
     * Makes a file or folder, with the mounts below it, appear at target too, with its own flags.
     *
     * @param source names what is held, so that nothing can take its place meanwhile
     */
    public static void attach(Handle source, Path target) throws SystemCallException {
        mount(source.path(), target, null, MS_BIND | MS_REC, null);
        try {
            mount(null, target, null, MS_PRIVATE | MS_REC, null);
        } catch (SystemCallException failure) {
            unmount(target);
            throw failure;
        }
    }

    /**
     * Keeps what is mounted and unmounted below a mount point from copies of the mount: where systemd runs, mounts are
     * shared with their copies otherwise.
     */
    public static void makePrivate(Path target) throws SystemCallException {
        mount(null, target, null, MS_PRIVATE, null);
    }

    /** Mounts a file system of any type. */
    public static void fileSystem(String device, Path target, String type, MountOptions options)
            throws SystemCallException {
        mount(device, target, type, options.flags(), options.data());
        try {
            if (options.propagation() != 0) {
                mount(null, target, null, options.propagation(), null);
            }
            if (options.restrictsBind()) {
                mount(null, target, null, options.flags() | MS_REMOUNT, null);
            }
        } catch (SystemCallException failure) {
            unmount(target);
            throw failure;
        }
    }

    /** Whether something is mounted at a path, or below it. */
    public static boolean isAnyBelow(Path path) throws IOException {
        return list().stream().anyMatch(mount -> mount.target().startsWith(path));
    }

    /** Mounts a file system of files in memory, which are never written to a disk, not even to swap. */
    public static void ramfs(Path target, String options) throws SystemCallException {
        mount("ramfs", target, "ramfs", MS_NODEV, options);
    }

    /**
     * Takes the topmost mount at target away, at once for whoever looks, and for good when its last user is gone.
     * Nothing mounted there is fine.
     */
    public static void unmount(Path target) throws SystemCallException {
        try {
            LibC.C.umount2(PathBytes.terminated(target), MNT_DETACH | UMOUNT_NOFOLLOW);
        } catch (LastErrorException failure) {
            int errno = failure.getErrorCode();
            if (errno != SystemCallException.EINVAL && errno != SystemCallException.ENOENT) {
                throw new SystemCallException("unmount", target, failure);
            }
        }
    }

    /** Every mount of this namespace, oldest first where they lie over each other. */
    public static List<Mount> list() throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (String line : new String(Files.readAllBytes(MOUNTINFO), StandardCharsets.ISO_8859_1).split("\n")) {
            mounts.add(parse(line));
        }
        return mounts;
    }

    /** A line is read as Latin-1, so that each char is one byte of a name. */
    static Mount parse(String line) {
        String[] fields = line.split(" ");
        int dash = 6;
        while (!fields[dash].equals("-")) {
            dash++;
        }
        return new Mount(
                PathBytes.path(decode(fields[4])),
                text(fields[dash + 1]),
                text(fields[dash + 2]),
                fields[5],
                fields.length > dash + 3 ? text(fields[dash + 3]) : "");
    }

    private static String text(String field) {
        return new String(decode(field), StandardCharsets.UTF_8);
    }

    /** Spaces, tabs, newlines and backslashes are written as three octal digits. */
    private static byte[] decode(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\') {
                bytes.write(Integer.parseInt(field, i + 1, i + 4, 8));
                i += 3;
            } else {
                bytes.write(field.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static void mount(Object source, Path target, String type, int flags, String data)
            throws SystemCallException {
        try {
            LibC.C.mount(
                    switch (source) {
                        case null -> null;
                        case Path path -> PathBytes.terminated(path);
                        default -> PathBytes.terminated((String) source);
                    },
                    PathBytes.terminated(target),
                    type == null ? null : PathBytes.terminated(type),
                    new NativeLong(flags),
                    data == null ? null : PathBytes.terminated(data));
        } catch (LastErrorException failure) {
            throw new SystemCallException("mount", target, failure);
        }
    }

    interface Call {
        void run() throws SystemCallException;
    }

    /**
     * Makes a call in a thread that has a working directory of its own. The thread must not be a virtual one, and ends
     * with the call, since nothing else may ever run in it.
     */
    static void inDirectory(Path directory, Call call) throws SystemCallException {
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform().name("mount").start(() -> {
            try {
                try {
                    LibC.C.unshare(CLONE_FS);
                    LibC.C.chdir(PathBytes.terminated(directory));
                } catch (LastErrorException failure) {
                    throw new SystemCallException("chdir", directory, failure);
                }
                call.run();
            } catch (SystemCallException | RuntimeException | Error failure) {
                thrown[0] = failure;
            }
        });
        joinUninterruptibly(thread);
        switch (thrown[0]) {
            case null -> {}
            case SystemCallException failure -> throw failure;
            case RuntimeException failure -> throw failure;
            case Throwable failure -> throw new IllegalStateException(failure);
        }
    }

    /** A mount takes a moment only, and whether it is there must be known. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
