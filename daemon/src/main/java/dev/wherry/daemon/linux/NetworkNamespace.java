package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Network namespaces that live as long as a mount of them, whether or not a process is in them. The kernel removes the
 * interfaces of a namespace with its last user. A pod has an IPC and a UTS namespace beside it.
 */
public final class NetworkNamespace {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int CLONE_NEWIPC = 0x08000000;
    private static final int CLONE_NEWUTS = 0x04000000;
    private static final int CLONE_NEWNS = 0x00020000;
    private static final int MS_RDONLY = 1;
    private static final int MS_NOSUID_NODEV = 2 | 4;
    private static final int MS_REMOUNT = 32;
    private static final int MS_BIND = 4096;
    private static final int MS_PRIVATE_BELOW = 0x40000 | 0x4000;
    private static final int REGULAR_FILE = 0100444;
    private static final int O_CLOEXEC = 02000000;
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    private NetworkNamespace() {}

    /** Makes a namespace and mounts it. */
    public interface Maker {

        /** @param file where; made anew */
        void make(Path file) throws IOException;
    }

    /**
     * Makes a namespace and mounts it.
     *
     * @param file where; made anew
     */
    public static void create(Path file) throws IOException {
        Files.createFile(file);
        try {
            inOwnThread(() -> {
                LibC.C.unshare(CLONE_NEWNET);
                LibC.C.mount(
                        PathBytes.terminated(OWN), PathBytes.terminated(file), null, new NativeLong(MS_BIND), null);
            });
        } catch (LastErrorException failure) {
            Files.deleteIfExists(file);
            throw new SystemCallException("make network namespace", file, failure);
        }
    }

    /**
     * Makes an IPC and a UTS namespace, which live in the same way, and mounts them.
     *
     * @param ipc where the one is mounted; made anew
     * @param uts where the other is mounted; made anew
     * @param hostname of the UTS namespace
     */
    public static void createIpcAndUts(Path ipc, Path uts, String hostname) throws IOException {
        Files.createFile(ipc);
        Files.createFile(uts);
        try {
            inOwnThread(() -> {
                LibC.C.unshare(CLONE_NEWIPC | CLONE_NEWUTS);
                setHostname(hostname);
                bind(OWN.resolveSibling("ipc"), ipc);
                bind(OWN.resolveSibling("uts"), uts);
            });
        } catch (LastErrorException failure) {
            remove(ipc);
            remove(uts);
            throw new SystemCallException("make IPC and UTS namespace", ipc, failure);
        }
    }

    /** @param uts a mount of a UTS namespace */
    public static void setHostname(Path uts, String hostname) throws IOException {
        try {
            inOwnThread(() -> {
                enter(uts, CLONE_NEWUTS);
                setHostname(hostname);
            });
        } catch (LastErrorException failure) {
            throw new SystemCallException("set the hostname of", uts, failure);
        }
    }

    private static void setHostname(String hostname) {
        byte[] name = hostname.getBytes(StandardCharsets.UTF_8);
        LibC.C.sethostname(name, new NativeLong(name.length));
    }

    /** Mounts a namespace of a process, which then lives as long as the mount. */
    public static void pin(Path ofProcess, Path file) throws IOException {
        Files.createFile(file);
        try {
            inOwnThread(() -> bind(ofProcess, file));
        } catch (LastErrorException failure) {
            Files.deleteIfExists(file);
            throw new SystemCallException("mount namespace", file, failure);
        }
    }

    private static void bind(Path namespace, Path file) {
        LibC.C.mount(PathBytes.terminated(namespace), PathBytes.terminated(file), null, new NativeLong(MS_BIND), null);
    }

    /**
     * Sets kernel parameters as a process in these namespaces sees them.
     *
     * @param namespaces mounts of them
     * @param parameters values by the dotted names
     */
    public static void setParameters(List<Path> namespaces, Map<String, String> parameters) throws IOException {
        try {
            inOwnThread(() -> {
                namespaces.forEach(namespace -> enter(namespace, 0));
                parameters.forEach((name, value) -> {
                    try {
                        Files.writeString(Path.of("/proc/sys").resolve(name.replace('.', '/')), value);
                    } catch (IOException refused) {
                        throw new UncheckedIOException(refused);
                    }
                });
            });
        } catch (LastErrorException failure) {
            throw new SystemCallException("enter namespace", namespaces.getFirst(), failure);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /**
     * Starts a program in namespaces, and in a mount namespace of its own, where its working directory is a read-only file
     * system with nothing but the program. It can make that its root.
     *
     * @param namespaces mounts of them
     * @param program static, and executable for its owner
     * @param root an empty folder; for everyone else it stays one
     * @param reports as of {@link Spawn}
     * @param orders as of {@link Spawn}
     */
    public static Spawn.Child start(List<Path> namespaces, Path program, Path root, int reports, int orders)
            throws IOException {
        Path inside = root.resolve(program.getFileName());
        Spawn.Child[] child = new Spawn.Child[1];
        try {
            inOwnThread(() -> {
                namespaces.forEach(namespace -> enter(namespace, 0));
                LibC.C.unshare(CLONE_NEWNS);
                mount("", Path.of("/"), "", MS_PRIVATE_BELOW);
                mount("tmpfs", root, "tmpfs", MS_NOSUID_NODEV);
                LibC.C.mknod(PathBytes.terminated(inside), REGULAR_FILE, new NativeLong(0));
                bind(program, inside);
                mount("", inside, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID_NODEV);
                mount("", root, "", MS_REMOUNT | MS_RDONLY | MS_NOSUID_NODEV);
                try {
                    child[0] = Spawn.start(
                            List.of(inside.toString()), List.of(), root, Path.of("/dev/null"), reports, orders);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (LastErrorException failure) {
            throw new SystemCallException("isolate", program, failure);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return child[0];
    }

    private static void mount(String source, Path target, String type, int flags) {
        LibC.C.mount(
                PathBytes.terminated(source),
                PathBytes.terminated(target),
                PathBytes.terminated(type),
                new NativeLong(flags),
                null);
    }

    /** Removes the mount and its file, and with them the namespace if no process is in it. Nothing there is fine. */
    public static void remove(Path file) throws IOException {
        Mounts.unmount(file);
        Files.deleteIfExists(file);
    }

    /** True if a namespace is mounted there. */
    public static boolean isMounted(Path file) {
        try {
            return !Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(file.getParent(), "unix:dev"));
        } catch (IOException absent) {
            return false;
        }
    }

    /**
     * Opens a socket in a namespace. The socket stays there, whichever thread uses it.
     *
     * @param namespace a mount of the namespace, or its file of a process below {@code /proc}
     */
    public static SocketChannel socket(Path namespace, ProtocolFamily family) throws IOException {
        SocketChannel[] opened = new SocketChannel[1];
        try {
            inOwnThread(() -> {
                enter(namespace, CLONE_NEWNET);
                try {
                    opened[0] = SocketChannel.open(family);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (LastErrorException failure) {
            throw new SystemCallException("enter network namespace", namespace, failure);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return opened[0];
    }

    /** Raises the loopback interface of a namespace. */
    public static void raiseLoopback(Path namespace) throws IOException {
        try {
            inOwnThread(() -> {
                enter(namespace, CLONE_NEWNET);
                Bridges.raise("lo");
            });
        } catch (LastErrorException failure) {
            throw new SystemCallException("raise lo", namespace, failure);
        }
    }

    private static void enter(Path namespace, int kind) {
        int fd = LibC.C.open(PathBytes.terminated(namespace), O_CLOEXEC, 0);
        try {
            LibC.C.setns(fd, kind);
        } finally {
            LibC.C.close(fd);
        }
    }

    /**
     * The namespace belongs to the thread, which must be none that anything else ever runs in: neither a virtual one nor
     * one of a pool.
     */
    private static void inOwnThread(Runnable call) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform().name("network-namespace").start(() -> {
            try {
                call.run();
            } catch (RuntimeException | Error failure) {
                thrown[0] = failure;
            }
        });
        Mounts.joinUninterruptibly(thread);
        switch (thrown[0]) {
            case null -> {}
            case RuntimeException failure -> throw failure;
            case Throwable failure -> throw new IllegalStateException(failure);
        }
    }
}
