package dev.wherry.daemon.snapshot.unpack;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.snapshot.layer.LowerLayers;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The whiteouts of a layer that is being unpacked. They concern lower layers only, wherever in the stream they stand: a
 * file of the same layer, before or after, hides its namesake anyway, and a folder becomes opaque instead. So they are
 * noted while the stream is read and made when the lower layers are known. Where there is nothing to hide nothing is
 * made, since overlayfs would show a needless whiteout as a broken file.
 */
final class LayerWhiteouts {

    private final Path fs;
    private final LayerFolders folders;
    private final int most;
    /** Relative paths of what to hide, and of the folders that hide everything. */
    private final List<byte[]> hidden = new ArrayList<>();

    private final List<byte[]> opaque = new ArrayList<>();

    LayerWhiteouts(Path fs, LayerFolders folders, int most) {
        this.fs = fs;
        this.folders = folders;
        this.most = most;
    }

    /** Hides what lower layers have at this path. */
    void hide(Path path) {
        note(hidden, path);
    }

    /** Hides what lower layers have in this folder. */
    void opaque(Path directory) {
        note(opaque, directory);
    }

    private void note(List<byte[]> paths, Path path) {
        if (hidden.size() + opaque.size() >= most) {
            throw new ExhaustedException("the tar stream has more than " + most + " whiteouts");
        }
        paths.add(PathBytes.of(fs.relativize(path)));
    }

    /** Makes the whiteouts, opaque folders first: nothing in those needs to be hidden by itself. */
    void apply(LowerLayers lower) throws IOException {
        if (lower.isEmpty()) {
            return;
        }
        boolean rootIsOpaque = false;
        for (byte[] name : opaque) {
            Path directory = fs.resolve(PathBytes.path(name));
            rootIsOpaque |= directory.equals(fs);
            cover(directory);
        }
        List<Path> others = new ArrayList<>();
        for (byte[] name : hidden) {
            Path path = fs.resolve(PathBytes.path(name));
            if (!cover(path)) {
                others.add(path);
            }
        }
        for (Path path : others) {
            hide(path, lower);
        }
        if (rootIsOpaque) {
            hideAll(lower);
        }
    }

    /** Makes a folder of the layer opaque; false when the path is none. The root cannot be: overlayfs merges roots. */
    private boolean cover(Path directory) throws IOException {
        boolean isFolder = folders.isFolder(directory);
        if (isFolder && !directory.equals(fs)) {
            OpaqueMark.make(directory);
        }
        return isFolder;
    }

    private void hide(Path path, LowerLayers lower) throws IOException {
        if (folders.isFolder(path.getParent())
                && Inodes.find(path).isEmpty()
                && !isInOpaque(path)
                && lower.find(fs.relativize(path)).isPresent()) {
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

    /** Hides each file of the lower roots by itself. */
    private void hideAll(LowerLayers lower) throws IOException {
        for (Path child : FileTrees.list(fs)) {
            cover(child);
        }
        for (Path layer : lower.topFirst()) {
            for (Path child : FileTrees.list(layer)) {
                hide(fs.resolve(child.getFileName()), lower);
            }
        }
    }
}
