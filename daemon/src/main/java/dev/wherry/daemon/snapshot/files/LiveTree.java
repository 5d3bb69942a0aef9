package dev.wherry.daemon.snapshot.files;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.snapshot.layer.LiveArchive;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import dev.wherry.daemon.snapshot.unpack.ArchiveUnpacking.Owner;
import dev.wherry.daemon.snapshot.unpack.LiveUnpacking;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The root folder of a container or volume, whose files processes may change at any moment. Paths mean what they mean to
 * a process whose root this folder is; the processes are not trusted: see {@link Handle}.
 *
 * @param root stays open as long as the tree is used
 * @param owner whose files these are, for messages: "container web"
 */
public record LiveTree(Handle root, String owner) {

    private static final Path ROOT = Path.of("/");
    private static final int MOST_LINKS = 255;

    /** Work on files that can fail. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Puts failures of file operations into words.
     *
     * @param where the path, after what it is in: "web:/etc"
     */
    public static <T> T explaining(String where, Work<T> work) {
        try {
            return work.run();
        } catch (SystemCallException failure) {
            String path = where.substring(where.indexOf(':') + 1);
            switch (failure.errno()) {
                case SystemCallException.ENOTDIR -> throw new InvalidInputException("not a directory: " + path);
                case SystemCallException.ELOOP -> throw new InvalidInputException("too many symbolic links: " + path);
                case SystemCallException.ENAMETOOLONG -> throw new InvalidInputException("too long a path: " + path);
                default -> throw StorageFailure.of("cannot copy " + where, failure);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot copy " + where, failure);
        }
    }

    /**
     * What is at a path.
     *
     * @throws NotFoundException when there is nothing
     */
    public PathStat stat(TreePath place) throws IOException {
        try (Handle file = found(root.resolve(place.absolute(), place.folder()), place)) {
            FileStatus status = file.status();
            if (place.folder() && !status.isDirectory()) {
                throw new InvalidInputException("not a directory: " + place.absolute());
            }
            String target = status.isSymlink() ? canonical(place.absolute()).toString() : "";
            long nanos = status.modified() * 1_000_000_000L + status.modifiedNanos();
            return new PathStat(place.name(), status.size(), status.mode(), nanos, target);
        }
    }

    /**
     * Writes what is at a path as a tar stream, its entries beginning with the path's last component.
     *
     * @param follow take the file that a link at the end of the path leads to
     * @param first receives what is there before the stream begins
     * @throws NotFoundException when there is nothing
     */
    public void copyFrom(TreePath asked, boolean follow, Consumer<PathStat> first, OutputStream out)
            throws IOException {
        TreePath place = follow ? TreePath.parse(canonical(asked.absolute()) + (asked.folder() ? "/" : "")) : asked;
        first.accept(stat(place));
        LiveArchive archive = new LiveArchive(new TarWriter(out));
        byte[] name = place.name().getBytes(StandardCharsets.UTF_8);
        if (place.folder()) {
            try (Handle folder = found(root.resolve(place.absolute(), true), place)) {
                archive.folder(folder, name);
            }
        } else {
            try (Handle parent = found(root.resolve(place.parent(), true), place)) {
                archive.write(parent, place.absolute().getFileName(), name);
            }
        }
        archive.finish();
    }

    /**
     * The path without links of a folder.
     *
     * @throws NotFoundException when there is nothing
     * @throws InvalidInputException when it is no folder
     */
    public Path folder(TreePath place) throws IOException {
        Path target = canonical(place.absolute());
        try (Handle folder = found(root.resolve(target, true), place)) {
            if (!folder.status().isDirectory()) {
                throw new InvalidInputException("extraction point is not a directory: " + place.absolute());
            }
        }
        return target;
    }

    /**
     * Unpacks a tar stream.
     *
     * @param folder as {@link #folder} gives it
     * @param owner of all that is unpacked; empty for what the archive says
     * @param replaceKinds whether a folder may take the place of a file, and the other way round
     */
    public void copyTo(Path folder, Optional<Owner> owner, boolean replaceKinds, InputStream tar) throws IOException {
        try (LiveUnpacking unpacking = new LiveUnpacking(root, folder, owner, replaceKinds, UnpackLimits.DEFAULT)) {
            unpacking.run(tar);
        }
    }

    /** Unpacks a tar stream into the root, which gets the attributes of the archive's entry {@code ./} too. */
    public void importTar(InputStream tar) throws IOException {
        try (LiveUnpacking unpacking = new LiveUnpacking(root, ROOT, Optional.empty(), true, UnpackLimits.DEFAULT)) {
            unpacking.withDestination().run(tar);
        }
    }

    private Handle found(Optional<Handle> handle, TreePath place) {
        return handle.orElseThrow(() -> new NotFoundException(
                "file", place.absolute().toString(), "Could not find the file " + place.absolute() + " in " + owner));
    }

    /** The path without links that a path leads to; what is not there is taken by its name. */
    private Path canonical(Path path) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, path);
        Path at = ROOT;
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = at.resolve(rest.pop()).normalize();
            Optional<Handle> found = root.resolve(next, false);
            at = next;
            if (found.isPresent()) {
                try (Handle file = found.get()) {
                    if (file.status().isSymlink()) {
                        if (++links > MOST_LINKS) {
                            throw new InvalidInputException("too many symbolic links: " + path);
                        }
                        Path target = PathBytes.path(file.readlink());
                        push(rest, target);
                        at = target.isAbsolute() ? ROOT : next.getParent();
                    }
                }
            }
        }
        return at;
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }
}
