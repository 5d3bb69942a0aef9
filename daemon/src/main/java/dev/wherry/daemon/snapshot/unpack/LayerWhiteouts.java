package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Hides lower files in a layer that is being unpacked. Whiteouts concern lower layers only, wherever in the stream they
 * stand: a file of the same layer, before or after, hides its namesake anyway, and a folder becomes opaque instead.
 * Where there is nothing to hide nothing is made, since overlayfs would show a needless whiteout as a broken file.
 */
final class LayerWhiteouts {

    private final Path fs;
    private final LowerLayers lower;
    private boolean rootIsOpaque;

    LayerWhiteouts(Path fs, LowerLayers lower) {
        this.fs = fs;
        this.lower = lower;
    }

    /** Hides what lower layers have at this path. */
    void hide(Path path) throws IOException {
        if (lower.isEmpty()) {
            return;
        }
        Optional<FileStatus> own = Inodes.find(path);
        if (own.isPresent()) {
            if (own.get().isDirectory()) {
                opaque(path);
            }
        } else if (!isInOpaque(path) && lower.find(fs.relativize(path)).isPresent()) {
            Inodes.mknod(path, FileStatus.CHARACTER, 0);
        }
    }

    private boolean isInOpaque(Path path) throws IOException {
        for (Path at = path.getParent(); !at.equals(fs); at = at.getParent()) {
            if (OpaqueMark.is(at)) {
                return true;
            }
        }
        return false;
    }

    /** Hides what lower layers have in this folder. */
    void opaque(Path directory) throws IOException {
        if (lower.isEmpty()) {
            return;
        }
        if (directory.equals(fs)) {
            rootIsOpaque = true;
            return;
        }
        for (Path child : FileTrees.list(directory)) {
            if (Inodes.status(child).isWhiteout()) {
                Files.delete(child);
            }
        }
        OpaqueMark.make(directory);
    }

    /** overlayfs always merges the roots, so an opaque one hides each file by itself. */
    void finish() throws IOException {
        if (!rootIsOpaque) {
            return;
        }
        for (Path child : FileTrees.list(fs)) {
            if (Inodes.status(child).isDirectory()) {
                opaque(child);
            }
        }
        for (Path layer : lower.topFirst()) {
            for (Path child : FileTrees.list(layer)) {
                hide(fs.resolve(child.getFileName()));
            }
        }
    }
}
