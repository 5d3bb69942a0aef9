package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A build context that the client says is a directory of this very host. It is believed when both sides are in the same
 * mount namespace and find the same inode at that path: the daemon then reads the files itself, and none of them crosses
 * the socket.
 *
 * <p>The daemon reads as root. So only a client that runs as root itself is believed: any other client sends the files,
 * which the kernel then lets it read or not.
 *
 * @param path as the client resolved it: absolute, without symbolic links
 * @param mountNamespace inode of the client's mount namespace
 * @param ofRoot whether the client runs as root on this host
 */
public record SharedDirectory(Path path, long mountNamespace, long device, long inode, boolean ofRoot) {

    /** What the client of the present call says; called on the thread of the call. */
    public static SharedDirectory claimed(Path path, long mountNamespace, long device, long inode) {
        return new SharedDirectory(
                path, mountNamespace, device, inode, Caller.current().isHostRoot());
    }

    /** The directory, if it is the same for this process, and the client may read all of it. */
    public Optional<Path> verify() {
        try {
            if (!ofRoot || !path.isAbsolute() || mountNamespace != Processes.mountNamespace()) {
                return Optional.empty();
            }
            FileStatus status = Inodes.status(path);
            boolean same = status.isDirectory()
                    && status.inode() == inode
                    && status.device() == device
                    && Files.isReadable(path);
            return same ? Optional.of(path) : Optional.empty();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }
}
