package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/** The files of a layer's folder, parents before children and in the order of their names' bytes. */
final class LayerWalk {

    private static final byte[] NOTHING = {};

    /** @param name from the layer's root; that of a directory ends with a slash */
    record Found(Path path, byte[] name, FileStatus status) {}

    private record Level(byte[] prefix, Iterator<Path> children) {}

    private final Deque<Level> levels = new ArrayDeque<>();
    private final boolean layer;

    /** @param layer whether it is one, in which names of whiteouts mean something */
    LayerWalk(Path fs, boolean layer) throws IOException {
        this.layer = layer;
        levels.push(new Level(NOTHING, FileTrees.list(fs).iterator()));
    }

    /** The next file, or null after the last. */
    Found next() throws IOException {
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            if (!level.children().hasNext()) {
                levels.pop();
                continue;
            }
            Path child = level.children().next();
            byte[] name = PathBytes.of(child.getFileName());
            FileStatus status = Inodes.status(child);
            if (!status.isDirectory()) {
                return new Found(child, concat(level.prefix(), name), status);
            }
            if (!layer || !Whiteouts.is(name)) {
                byte[] prefix = concat(concat(level.prefix(), name), new byte[] {'/'});
                levels.push(new Level(prefix, FileTrees.list(child).iterator()));
                return new Found(child, prefix, status);
            }
        }
        return null;
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
