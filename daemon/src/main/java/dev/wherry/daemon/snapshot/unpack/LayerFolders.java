package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.snapshot.layer.KeptXattrs;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folders of a layer that is being unpacked: finds and makes those that entries lie in, and dates them at the end. */
final class LayerFolders {

    private static final int USUAL_PERMISSIONS = 0755;

    private record Time(long seconds, int nanos) {}

    private final Path fs;
    private final RootedPath rooted;
    /** Relative paths known to lead through folders only, so that most entries cost no look at their parents. */
    private final Set<Path> known = new HashSet<>();
    /** Making an entry in a folder changes the folder's time, so times are set when all entries are there. */
    private final Map<Path, Time> times = new LinkedHashMap<>();
    /** Those that no entry describes, outermost first; the root is not among them. */
    private final Set<Path> implied = new LinkedHashSet<>();
    /** Paths found to be folders when all entries were there. */
    private final Set<Path> found = new HashSet<>();

    LayerFolders(Path fs) {
        this.fs = fs;
        this.rooted = new RootedPath(fs);
    }

    /**
     * The folder at a relative path (null: the root), symbolic links followed inside the root, made if it is missing.
     *
     * @throws NotDirectoryException when the path leads to or through a file
     */
    Path directory(Path relative) throws IOException {
        if (relative == null) {
            return fs;
        }
        Path plain = fs.resolve(relative);
        if (known.contains(relative)) {
            return plain;
        }
        Path path = directory(relative.getParent()).resolve(relative.getFileName());
        Optional<FileStatus> status = Inodes.find(path);
        if (status.isEmpty()) {
            Files.createDirectory(path);
            imply(path);
        } else if (status.get().isSymlink()) {
            path = rooted.createDirectories(fs.relativize(path), this::imply);
        } else if (!status.get().isDirectory()) {
            throw new NotDirectoryException(relative.toString());
        }
        if (path.equals(plain)) {
            known.add(relative);
        }
        return path;
    }

    private void imply(Path directory) throws IOException {
        Inodes.chmod(directory, USUAL_PERMISSIONS);
        times.put(directory, new Time(0, 0));
        implied.add(directory);
    }

    /** Something in the layer has been replaced. */
    void removed(FileStatus status) {
        if (status.isDirectory()) {
            known.clear();
        }
    }

    /** Gives a file or folder what its entry says besides content. */
    void attributes(Path path, TarEntry entry) throws IOException {
        Inodes.lchown(path, entry.uid(), entry.gid());
        if (entry.type() != Type.SYMLINK) {
            Inodes.chmod(path, entry.permissions());
        }
        KeptXattrs.write(path, entry.xattrs());
        if (entry.type() == Type.DIRECTORY) {
            implied.remove(path);
            times.put(path, new Time(entry.modified(), entry.modifiedNanos()));
        } else {
            Inodes.utimensat(path, entry.modified(), entry.modifiedNanos());
        }
    }

    /**
     * Whether a path of the layer is a folder and all above it are, now that no entry follows. Later entries may have put
     * links in the place of folders, and those lead anywhere.
     */
    boolean isFolder(Path path) throws IOException {
        if (path.equals(fs) || found.contains(path)) {
            return true;
        }
        boolean is = isFolder(path.getParent())
                && Inodes.find(path).filter(FileStatus::isDirectory).isPresent();
        if (is) {
            found.add(path);
        }
        return is;
    }

    /** Makes folders that no entry describes like those that they cover. */
    void inherit(LowerLayers lower) throws IOException {
        for (Path directory : lower.isEmpty() ? Set.<Path>of() : implied) {
            Optional<Path> covered = isFolder(directory) ? lower.find(fs.relativize(directory)) : Optional.empty();
            Optional<FileStatus> like = covered.isEmpty() ? Optional.empty() : Inodes.find(covered.get());
            if (like.isPresent() && like.get().isDirectory()) {
                Inodes.lchown(directory, like.get().uid(), like.get().gid());
                Inodes.chmod(directory, like.get().permissions());
                KeptXattrs.copy(covered.get(), directory);
                times.put(directory, new Time(like.get().modified(), like.get().modifiedNanos()));
            }
        }
    }

    /** Gives folders their times, after which nothing may be made in them. */
    void date() throws IOException {
        for (var time : times.entrySet()) {
            if (isFolder(time.getKey())) {
                Inodes.utimensat(
                        time.getKey(),
                        time.getValue().seconds(),
                        time.getValue().nanos());
            }
        }
    }
}
