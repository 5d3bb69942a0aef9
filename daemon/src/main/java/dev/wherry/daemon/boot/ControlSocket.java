package dev.wherry.daemon.boot;

import dev.wherry.daemon.api.server.InheritedSocket;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;

/**
 * The unix socket that clients connect to. Whoever can open it is root on this host, so only root and the group
 * {@code wherry} can, and only its owner can replace it. The server binds it under another name in a private folder
 * ({@link #open}); {@link #publish} then sets owner and mode and renames it into place, so that it is never open to
 * the wrong ones, answers from the moment it is there, and takes the place of one that a killed daemon left behind. A socket that the service manager hands over ({@link #inherited}) is
 * ready as it is, and is neither changed nor removed.
 */
final class ControlSocket {

    /** Who besides root may use the daemon. */
    private static final String GROUP = "wherry";

    /** The kernel's limit of a socket's path, without the NUL at its end. */
    private static final int MAX_PATH = 107;

    private final Path path;
    private final boolean inherited;

    private ControlSocket(Path path, boolean inherited) {
        this.path = path;
        this.inherited = inherited;
    }

    /** The socket that the service manager has made and listens on until the daemon takes over; it stays the manager's. */
    static Optional<ControlSocket> inherited() {
        Optional<ControlSocket> socket = InheritedSocket.path().map(path -> new ControlSocket(path, true));
        if (socket.isEmpty() && InheritedSocket.isMeant()) {
            throw new InvalidInputException("systemd hands over sockets, but none is standard input:"
                    + " set StandardInput=fd:NAME in the unit, with the name of the socket unit");
        }
        return socket;
    }

    /** The socket for Docker's API that the service manager has made beside the other one. */
    static Optional<ControlSocket> inheritedForDocker() {
        return InheritedSocket.further().map(path -> new ControlSocket(path, true));
    }

    /**
     * Makes sure that this process may serve at a path.
     *
     * @throws ConflictException when a daemon answers there
     * @throws InvalidInputException when the path is too long, is another kind of file, or lies in a folder that others
     *     can change
     */
    static ControlSocket claim(Path path) {
        ControlSocket socket = new ControlSocket(path, false);
        int length = socket.binding().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH) {
            throw new InvalidInputException("the socket's path " + path + " is too long by " + (length - MAX_PATH)
                    + " bytes: choose a shorter one with --socket, --docker-socket or --cri-socket");
        }
        DaemonFolders.folder(path.getParent(), "rwxr-xr-x");
        refuseOpenFolder(path.getParent());
        refuseLive(path);
        DaemonFolders.lock(
                path.resolveSibling(path.getFileName() + ".lock"), "another wherryd starts at unix://" + path);
        DaemonFolders.folder(socket.binding().getParent(), "rwx------");
        DaemonFolders.remove(socket.binding());
        return socket;
    }

    Path path() {
        return path;
    }

    /** Where the next server that listens on a unix socket binds, before clients may come. */
    Path open() {
        if (!inherited) {
            return binding();
        }
        InheritedSocket.offer(path);
        return path;
    }

    private Path binding() {
        return path.resolveSibling("." + path.getFileName().toString().replaceFirst("\\.sock$", ""))
                .resolve("s");
    }

    /** Lets clients in. */
    void publish() {
        if (inherited) {
            return;
        }
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(binding(), PosixFileAttributeView.class);
            view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
            try {
                GroupPrincipal group = binding()
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(GROUP);
                view.setGroup(group);
            } catch (UserPrincipalNotFoundException none) {
                // no such group here: root alone
            }
            Files.move(binding(), path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new HostException("cannot open the socket " + path + ": " + DaemonFolders.reason(failure), failure);
        }
    }

    /** Takes the socket away when the daemon ends. */
    void remove() {
        if (inherited) {
            return;
        }
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(binding().getParent());
        } catch (IOException left) {
            // the next daemon replaces it
        }
    }

    private static void refuseLive(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel ignored = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new ConflictException("another wherryd answers at unix://" + path);
        } catch (ConnectException dead) {
            if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                throw new InvalidInputException(path + " is not a socket: choose another path with --socket");
            }
        } catch (IOException failure) {
            throw new HostException("cannot tell who serves " + path + ": " + failure.getMessage(), failure);
        }
    }

    private static void refuseOpenFolder(Path folder) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
            int mode = (int) Files.getAttribute(folder, "unix:mode");
            int gid = (int) Files.getAttribute(folder, "unix:gid");
            Set<PosixFilePermission> allowed = attributes.permissions();
            boolean sticky = (mode & 01000) != 0;
            boolean open = allowed.contains(PosixFilePermission.OTHERS_WRITE)
                    || allowed.contains(PosixFilePermission.GROUP_WRITE) && gid != 0;
            if (open && !sticky) {
                throw new InvalidInputException("others can change the folder " + folder
                        + ", so they could replace the socket: choose another with --socket, or chmod go-w it");
            }
        } catch (IOException failure) {
            throw new HostException("cannot read the permissions of " + folder + ": " + failure.getMessage(), failure);
        }
    }
}
