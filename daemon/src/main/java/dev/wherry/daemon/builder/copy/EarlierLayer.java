package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The layer that an earlier copy of the same step made, as a place to take unchanged files from: as links to the same
 * inodes, since layers never change. They go into the new layer's own folder, because no link leads across a mount.
 */
final class EarlierLayer {

    private record Kept(SourceFile file, Path target) {}

    private final Path fs;
    private final Map<Path, byte[]> then;
    private final Map<Path, byte[]> now;
    private final List<Kept> kept = new ArrayList<>();
    /** Files that were one are not one again unless their sources are. */
    private final Set<Long> taken = ConcurrentHashMap.newKeySet();

    /**
     * @param fs the folder of the earlier layer
     * @param then digests of what was copied into it, by path below the destination
     * @param now digests of what is copied now
     */
    EarlierLayer(Path fs, Map<Path, byte[]> then, Map<Path, byte[]> now) {
        this.fs = fs;
        this.then = then;
        this.now = now;
    }

    /** Puts a file off until the layer's folder can be written, if its content is that of the earlier one. */
    boolean keeps(SourceFile file, Path target) {
        byte[] before = then.get(file.target());
        boolean same = before != null
                && file.status().isRegular()
                && file.status().links() == 1
                && Arrays.equals(before, now.get(file.target()));
        if (same) {
            kept.add(new Kept(file, target));
        }
        return same;
    }

    /** Whether any file was put off. */
    boolean isUsed() {
        return !kept.isEmpty();
    }

    /** Makes what was put off, in the new layer's folder, which is mounted nowhere. */
    void place(Path layer, FileCopier copier) throws IOException {
        ParallelCopy links = new ParallelCopy();
        for (Kept one : kept) {
            links.add(() -> place(one, layer.resolve(one.target()), copier));
        }
        links.join();
    }

    private void place(Kept one, Path target, FileCopier copier) throws IOException {
        Path earlier = fs.resolve(one.target());
        Optional<FileStatus> there = Inodes.find(earlier);
        if (there.isPresent()
                && copier.wouldMake(one.file(), there.get())
                && taken.add(there.get().inode())) {
            try {
                Files.createLink(target, earlier);
                return;
            } catch (FileSystemException tooManyLinks) {
                // A file may have 65,000 names, say; then it is copied.
            }
        }
        copier.copy(one.file(), target);
    }
}
