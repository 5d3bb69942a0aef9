package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.KernelCopy;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    private static final int MOST_LINKS = 255;

    /**
     * Finds a folder by its path, links followed as by a process whose root the layers are.
     *
     * @return empty when there is no folder
     */
    public static Optional<MergedFolder> find(LowerLayers layers, Path absolute) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, absolute);
        Path at = Path.of("");
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.peek().toString();
            Path next = rest.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.getParent() == null ? Path.of("") : at.getParent();
                continue;
            }
            next = at.toString().isEmpty() ? next : at.resolve(next);
            Optional<Path> found = layers.find(next);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            FileStatus status = Inodes.status(found.get());
            if (status.isSymlink()) {
                if (++links > MOST_LINKS) {
                    return Optional.empty();
                }
                Path target = PathBytes.path(Inodes.readlink(found.get()));
                push(rest, target);
                at = target.isAbsolute() ? Path.of("") : at;
            } else if (!status.isDirectory()) {
                return Optional.empty();
            } else {
                at = next;
            }
        }
        return Optional.of(new MergedFolder(parts(layers.topFirst(), at)));
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }

    private static List<Path> parts(List<Path> roots, Path relative) throws IOException {
        List<Path> parts = roots;
        for (Path name : relative) {
            if (!name.toString().isEmpty()) {
                parts = below(parts, name);
            }
        }
        return parts;
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
