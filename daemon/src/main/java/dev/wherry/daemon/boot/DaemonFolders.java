package dev.wherry.daemon.boot;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The daemon's claim on its folders. Folders are made with the permissions they need, and a lock that the kernel drops
 * with the process keeps a second daemon away.
 */
final class DaemonFolders {

    /** Held as long as the process lives. */
    private static final List<FileChannel> LOCKS = new ArrayList<>();

    private DaemonFolders() {}

    /**
     * Makes the folders of a layout and locks its root.
     *
     * @throws ConflictException when another daemon has the root
     * @throws HostException when a folder cannot be made
     */
    static void claim(Layout layout) {
        folder(layout.root(), "rwx--x--x");
        folder(layout.runRoot(), "rwx--x--x");
        lock(layout.root().resolve("wherryd.lock"), "the root " + layout.root() + " belongs to another wherryd");
        for (Path inner : List.of(
                layout.blobs(),
                layout.ingests(),
                layout.snapshots(),
                layout.containers(),
                layout.contexts(),
                layout.cacheMounts(),
                layout.scratch(),
                libraries(layout),
                layout.exits(),
                layout.steps(),
                layout.networkNamespaces(),
                layout.network())) {
            folder(inner, "rwx------");
        }
        // As docker has it: processes of any user reach the files of a volume by their path.
        folder(layout.volumes(), "rwx--x--x");
        // Root of a user namespace is an ordinary user here, and starts a container from what is below.
        for (Path passed : List.of(layout.runningContainers(), layout.sandboxes())) {
            folder(passed, "rwx--x--x");
            permit(passed, "rwx--x--x");
        }
        emptyFolder(libraries(layout));
        mark(layout.database());
    }

    /** Where libraries are unpacked that come inside a jar or an executable; {@code /tmp} may refuse to execute them. */
    static Path libraries(Layout layout) {
        return layout.root().resolve("lib");
    }

    private static void permit(Path folder, String permissions) {
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        } catch (IOException failure) {
            throw new HostException("cannot change the folder " + folder + ": " + reason(failure), failure);
        }
    }

    /** Makes a folder and its missing parents, which are open to all, with the permissions given. */
    static void folder(Path folder, String permissions) {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            if (folder.getParent() != null) {
                folder(folder.getParent(), "rwxr-xr-x");
            }
            Files.createDirectory(folder);
            permit(folder, permissions);
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(folder)) {
                throw new HostException(folder + " is not a folder: choose another place or move it away", exists);
            }
        } catch (IOException failure) {
            throw new HostException("cannot make the folder " + folder + ": " + reason(failure), failure);
        }
    }

    /** Takes a lock for the life of the process. */
    static void lock(Path file, String conflict) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                String pid = Files.readString(file).strip();
                channel.close();
                throw new ConflictException(conflict + (pid.isEmpty() ? "" : " (process " + pid + ")"));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            LOCKS.add(channel);
        } catch (IOException failure) {
            throw new HostException("cannot lock " + file + ": " + reason(failure), failure);
        }
    }

    /** Why the file system refused, in words. */
    static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "permission denied (wherryd needs root)";
            case NoSuchFileException missing -> "no such file or folder";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> failure.getMessage();
        };
    }

    /** Makes a file, for root alone, unless it is there. */
    static void mark(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException exists) {
            // of an earlier start
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + reason(failure), failure);
        }
    }

    /** Removes a file if it is there. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new HostException("cannot remove " + file + ": " + reason(failure), failure);
        }
    }

    private static void emptyFolder(Path folder) {
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : (Iterable<Path>) left::iterator) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new HostException("cannot empty " + folder + ": " + reason(failure), failure);
        }
    }
}
