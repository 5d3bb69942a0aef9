package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folders of volumes: {@code <name>/_data} is that of a volume. A folder appears whole, by a rename, and goes by a
 * rename into {@code .removed}, where its files are removed; {@code .new} has folders that are being made. No name of a
 * volume begins with a dot.
 */
final class VolumeFolders {

    private static final String DATA = "_data";
    private static final String NEW = ".new";
    private static final String REMOVED = ".removed";
    /** Beside the data: files that are being copied and then become the data. */
    private static final String FILLING = ".filling";

    private static final int FOLDER_MODE = 0701;
    private static final int DATA_MODE = 0755;

    private final Path root;
    private final AtomicLong number = new AtomicLong();

    VolumeFolders(Path root) {
        this.root = root;
    }

    /** Where the files of a volume are. */
    Path data(String name) {
        return root.resolve(name).resolve(DATA);
    }

    /** Makes the folder of a volume unless it is there. */
    void make(String name) throws IOException {
        if (isThere(name)) {
            return;
        }
        Path made = numbered(NEW);
        try {
            directory(made.resolve(DATA), DATA_MODE);
            Inodes.chmod(made, FOLDER_MODE);
            Files.move(made, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            FileTrees.remove(made);
            throw failure;
        }
    }

    private boolean isThere(String name) throws IOException {
        Optional<FileStatus> data = Inodes.find(data(name));
        if (data.isPresent() && !data.get().isDirectory()) {
            // Whatever a link leads to is not the volume's.
            throw new NotDirectoryException(data(name).toString());
        }
        return data.isPresent();
    }

    /** An empty folder beside the data, to become it by {@link #filled}. */
    Path filling(String name) throws IOException {
        Path filling = root.resolve(name).resolve(FILLING);
        FileTrees.remove(filling);
        directory(filling, DATA_MODE);
        return filling;
    }

    /** Takes what was filled as the data, which must be empty. */
    void filled(String name) throws IOException {
        Files.move(root.resolve(name).resolve(FILLING), data(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what was not filled to its end. */
    void dropFilling(String name) throws IOException {
        FileTrees.remove(root.resolve(name).resolve(FILLING));
    }

    /**
     * Takes the folder of a volume away.
     *
     * @return where it is now; empty when it was not there
     */
    Optional<Path> take(String name) throws IOException {
        if (Inodes.find(root.resolve(name)).isEmpty()) {
            return Optional.empty();
        }
        Path taken = numbered(REMOVED).resolve(name);
        Files.move(root.resolve(name), taken, StandardCopyOption.ATOMIC_MOVE);
        return Optional.of(taken);
    }

    /** Takes back a folder that was taken away. */
    void giveBack(Path taken) throws IOException {
        Files.move(taken, root.resolve(taken.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        FileTrees.remove(taken.getParent());
    }

    /**
     * Removes the files of a volume that was taken away.
     *
     * @return bytes that are free now
     * @throws IOException also when a file system is mounted there, whose files are not the volume's
     */
    long remove(Path taken) throws IOException {
        requireUnmounted(taken);
        return FileTrees.remove(taken.getParent());
    }

    /** @throws ConflictException when a file system is mounted in the folder of a volume, whose files are not its own */
    void requireUnmounted(String name) throws IOException {
        if (Mounts.isAnyBelow(root.resolve(name))) {
            throw new ConflictException(
                    "remove " + name + ": something is mounted in " + root.resolve(name) + ": unmount it first");
        }
    }

    private static void requireUnmounted(Path folder) throws IOException {
        if (Mounts.isAnyBelow(folder)) {
            throw new IOException("something is mounted in " + folder);
        }
    }

    /** Names of all folders that could be volumes. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path folder : entries(root)) {
            String name = folder.getFileName().toString();
            if (!name.startsWith(".") && Inodes.status(folder).isDirectory()) {
                names.add(name);
            }
        }
        return names;
    }

    /** Folders that were taken away, and whose files an earlier daemon did not remove. */
    List<Path> taken() throws IOException {
        List<Path> taken = new ArrayList<>();
        for (Path numbered : entries(root.resolve(REMOVED))) {
            List<Path> inside = entries(numbered);
            taken.addAll(inside);
            if (inside.isEmpty()) {
                Files.delete(numbered);
            }
        }
        return taken;
    }

    /** Removes folders that an earlier daemon did not finish. */
    void removeUnfinished() throws IOException {
        FileTrees.remove(root.resolve(NEW));
    }

    private Path numbered(String kind) throws IOException {
        Path parent = root.resolve(kind);
        Files.createDirectories(parent);
        while (true) {
            try {
                return Files.createDirectory(parent.resolve(Long.toString(number.incrementAndGet())));
            } catch (FileAlreadyExistsException ofAnEarlierDaemon) {
                // The next number may be free.
            }
        }
    }

    /** Whatever the umask. */
    private static void directory(Path folder, int mode) throws IOException {
        Files.createDirectory(folder);
        Inodes.chmod(folder, mode);
    }

    private static List<Path> entries(Path folder) throws IOException {
        return Files.isDirectory(folder) ? FileTrees.list(folder) : List.of();
    }
}
