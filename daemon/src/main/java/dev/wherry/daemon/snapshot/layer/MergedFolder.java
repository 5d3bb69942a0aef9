package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.KernelCopy;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder as layers together show it, read from the layers themselves: the kernel copies from there faster than through
 * an overlay, and shares contents where it can.
 *
 * @param topFirst the folder in each layer that has a part in it
 */
public record MergedFolder(List<Path> topFirst) {

    /**
     * Finds a folder by its path, links followed as by a process whose root the layers are.
     *
     * @return empty when there is no folder
     */
    public static Optional<MergedFolder> find(LowerLayers layers, Path absolute) throws IOException {
        try {
            return new LayerStack(layers.topFirst())
                    .find(absolute, true)
                    .filter(StackedFile::isDirectory)
                    .map(folder -> new MergedFolder(folder.parts().stream()
                            .map(StackedFile.Part::folder)
                            .toList()));
        } catch (FileSystemLoopException loop) {
            return Optional.empty();
        }
    }

    /** The folders of a name in folders, down to where one is no folder, or hides those below. */
    private static List<Path> below(List<Path> folders, Path name) throws IOException {
        List<Path> below = new ArrayList<>();
        for (Path folder : folders) {
            Path child = folder.resolve(name);
            Optional<FileStatus> status = Inodes.find(child);
            if (status.isEmpty()) {
                continue;
            }
            if (!status.get().isDirectory()) {
                break;
            }
            below.add(child);
            if (OpaqueMark.is(child)) {
                break;
            }
        }
        return below;
    }

    /**
     * Copies what is in the folder, with owners, modes, times, hard links and those attributes that layers carry, and
     * gives the target what the folder itself has of these.
     *
     * @param target an empty folder that nobody else uses
     */
    public void copyTo(Path target) throws IOException {
        new Copy().run(topFirst, target);
    }

    private static final class Copy {

        private final ParallelCopy files = new ParallelCopy();
        /** Outer ones first: making a file in a folder changes the time of the folder. */
        private final Map<Path, Path> folders = new LinkedHashMap<>();
        /** Where files with several links go, by layer and inode. */
        private final Map<String, Path> linked = new HashMap<>();

        private final Map<Path, Path> links = new LinkedHashMap<>();

        void run(List<Path> parts, Path target) throws IOException {
            contents(parts, target);
            files.join();
            for (Map.Entry<Path, Path> link : links.entrySet()) {
                Files.createLink(link.getKey(), link.getValue());
            }
            for (Map.Entry<Path, Path> folder :
                    folders.entrySet().stream().toList().reversed()) {
                attributes(folder.getKey(), Inodes.status(folder.getKey()), folder.getValue());
            }
        }

        private void contents(List<Path> parts, Path target) throws IOException {
            folders.put(parts.getFirst(), target);
            Map<Path, Path> topmost = new LinkedHashMap<>();
            for (Path part : parts) {
                for (Path child : FileTrees.list(part)) {
                    topmost.putIfAbsent(child.getFileName(), child);
                }
            }
            for (Path child : topmost.values()) {
                FileStatus status = Inodes.status(child);
                Path to = target.resolve(child.getFileName());
                if (status.isWhiteout()) {
                    continue;
                }
                if (status.isDirectory()) {
                    Files.createDirectory(to);
                    contents(parts.size() == 1 ? List.of(child) : below(parts, child.getFileName()), to);
                } else {
                    file(child, status, to);
                }
            }
        }

        private void file(Path source, FileStatus status, Path to) {
            if (status.links() > 1) {
                Path before = linked.putIfAbsent(status.device() + ":" + status.inode(), to);
                if (before != null) {
                    links.put(to, before);
                    return;
                }
            }
            files.add(() -> {
                switch (status.type()) {
                    case FileStatus.REGULAR -> KernelCopy.copy(source, to, status.size());
                    case FileStatus.SYMLINK -> Inodes.symlink(Inodes.readlink(source), to);
                    default -> Inodes.mknod(to, status.mode(), status.rdev());
                }
                attributes(source, status, to);
            });
        }

        private static void attributes(Path source, FileStatus status, Path to) throws IOException {
            Inodes.lchown(to, status.uid(), status.gid());
            if (!status.isSymlink()) {
                Inodes.chmod(to, status.permissions());
                if (status.isRegular() || status.isDirectory()) {
                    KeptXattrs.copy(source, to);
                }
            }
            Inodes.utimensat(to, status.modified(), status.modifiedNanos());
        }
    }
}
