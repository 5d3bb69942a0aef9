package dev.wherry.daemon.linux;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A folder taken as the root of a file system: finds what a path means to a process that has been chrooted into it.
 * Every symbolic link on the way is followed, but an absolute one starts again at this root, and {@code ..} stops at
 * it, so that no result ever lies outside. Relative and absolute paths mean the same.
 *
 * <p>What does not exist is taken by its name: the result of resolving {@code /a/b} where there is no {@code a} is
 * {@code root/a/b}, and {@code /a/../b} is {@code root/b}.
 *
 * <p>Nobody else may change the tree meanwhile, or a folder could turn into a link out of it between the answer and its
 * use: resolve only in snapshots that no process runs in.
 */
public final class RootedPath {

    /** Symbolic links followed for one path at most. */
    private static final int MOST_LINKS = 255;

    private final Path root;

    /** @param root an absolute path of an existing folder; symbolic links in it are followed as usual */
    public RootedPath(Path root) {
        this.root = root;
    }

    /** What is done to a folder that was missing and has just been made. */
    @FunctionalInterface
    public interface Made {
        void made(Path directory) throws IOException;
    }

    /**
     * Where a path leads, all symbolic links followed; the result is none itself, and need not exist.
     *
     * @throws FileSystemLoopException when more than 255 links would have to be followed
     * @throws NotDirectoryException when the path goes through a file
     */
    public Path resolve(Path path) throws IOException {
        return walk(path, true, Optional.empty());
    }

    /** As {@link #resolve}, but a symbolic link as the last component is the result, not followed. */
    public Path resolveParent(Path path) throws IOException {
        return walk(path, false, Optional.empty());
    }

    /**
     * Where a path leads, all symbolic links followed, with every folder that was missing made.
     *
     * @param mode of folders made, whatever the umask
     * @param uid their owner
     * @param gid their group
     * @throws FileSystemLoopException when more than 255 links would have to be followed
     * @throws NotDirectoryException when the path leads to or through a file
     */
    public Path createDirectories(Path path, int mode, int uid, int gid) throws IOException {
        return createDirectories(path, directory -> {
            Inodes.lchown(directory, uid, gid);
            Inodes.chmod(directory, mode);
        });
    }

    /** As above, leaving it to the caller to give folders that are made, outermost first, their mode and owner. */
    public Path createDirectories(Path path, Made made) throws IOException {
        return walk(path, true, Optional.of(made));
    }

    private Path walk(Path path, boolean followLast, Optional<Made> make) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, path);
        Path at = root;
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (isDots(name)) {
                at = name.toString().equals("..") && !at.equals(root) ? at.getParent() : at;
                continue;
            }
            Path next = at.resolve(name);
            Optional<FileStatus> status = Inodes.find(next);
            if (status.isPresent() && status.get().isSymlink() && (followLast || !rest.isEmpty())) {
                if (++links > MOST_LINKS) {
                    throw new FileSystemLoopException(path.toString());
                }
                Path target = PathBytes.path(Inodes.readlink(next));
                at = target.isAbsolute() ? root : at;
                push(rest, target);
                continue;
            }
            check(path, next, status, make.isPresent() || !rest.isEmpty());
            if (status.isEmpty() && make.isPresent()) {
                Files.createDirectory(next);
                make.get().made(next);
            }
            at = next;
        }
        return at;
    }

    private static void check(Path path, Path next, Optional<FileStatus> status, boolean mustBeDirectory)
            throws NotDirectoryException {
        if (mustBeDirectory && status.isPresent() && !status.get().isDirectory()) {
            throw new NotDirectoryException(path + " (" + next.getFileName() + ")");
        }
    }

    private static boolean isDots(Path name) {
        String text = name.toString();
        return text.isEmpty() || text.equals(".") || text.equals("..");
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }
}
