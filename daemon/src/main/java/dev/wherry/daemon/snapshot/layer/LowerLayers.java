package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Looks into the layers below one that is being made, as overlayfs would. */
public record LowerLayers(List<Path> topFirst) {

    public boolean isEmpty() {
        return topFirst.isEmpty();
    }

    /** The uppermost file at this relative path, if the layers together show one. */
    public Optional<Path> find(Path relative) throws IOException {
        for (Path layer : topFirst) {
            Path at = layer;
            boolean hidesBelow = false;
            FileStatus status = null;
            for (Path name : relative) {
                at = at.resolve(name);
                status = Inodes.find(at).orElse(null);
                if (status == null) {
                    break;
                }
                if (!status.isDirectory()) {
                    boolean found = at.getNameCount() == layer.getNameCount() + relative.getNameCount();
                    return found && !status.isWhiteout() ? Optional.of(at) : Optional.empty();
                }
                hidesBelow |= OpaqueMark.is(at);
            }
            if (status != null) {
                return Optional.of(at);
            }
            if (hidesBelow) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The names that the layers together show in the folder at this relative path. */
    SortedSet<Path> names(Path relative) throws IOException {
        SortedSet<Path> names = new TreeSet<>();
        for (Path layer : topFirst) {
            if (isFolder(layer, relative)) {
                for (Path child : FileTrees.list(layer.resolve(relative))) {
                    Path name = child.getFileName();
                    if (find(relative.resolve(name)).isPresent()) {
                        names.add(name);
                    }
                }
            }
        }
        return names;
    }

    private static boolean isFolder(Path layer, Path relative) throws IOException {
        Path at = layer;
        for (Path name : relative) {
            at = at.resolve(name);
            if (Inodes.find(at).filter(FileStatus::isDirectory).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
