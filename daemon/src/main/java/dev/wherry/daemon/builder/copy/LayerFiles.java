package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.snapshot.layer.ParallelCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Regular files of a copy that are written into the folder of the new layer when the layer is no longer mounted. That
 * takes a third of the time that overlayfs takes, and where the file system has reflinks, the content of an unchanged
 * file is shared with an earlier layer. Every file has an inode of its own: programs such as cron, rsync and {@code cp
 * -a} give a meaning to hard links.
 */
final class LayerFiles {

    private record Pending(SourceFile file, Path target) {}

    private final boolean reflinks;
    private final Optional<EarlierLayer> earlier;
    private final List<Pending> pending = new ArrayList<>();

    /**
     * @param reflinks whether files of the layer's file system can share their contents
     * @param earlier where the contents of unchanged files can be taken from; looked at with reflinks only
     */
    LayerFiles(boolean reflinks, Optional<EarlierLayer> earlier) {
        this.reflinks = reflinks;
        this.earlier = earlier;
    }

    /** Whether a file can be written without the mount: not one that has several names. */
    static boolean takes(SourceFile file) {
        FileStatus status = file.status();
        return status.isRegular() && status.links() == 1;
    }

    /** @param target seen from the root of the file system; nothing is there, but its directory is */
    void add(SourceFile file, Path target) {
        pending.add(new Pending(file, target));
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Writes the files into the folder of the layer. */
    void place(Path layer, FileCopier copier) throws IOException {
        ParallelCopy copies = new ParallelCopy();
        for (Pending one : pending) {
            copies.add(() -> place(one, layer.resolve(one.target()), copier));
        }
        copies.join();
    }

    private void place(Pending one, Path target, FileCopier copier) throws IOException {
        if (!reflinks) {
            copier.copy(one.file(), target);
            return;
        }
        Optional<Path> same = earlier.isPresent() ? earlier.get().content(one.file(), one.target()) : Optional.empty();
        copier.share(one.file(), same.orElse(one.file().path()), target);
    }
}
