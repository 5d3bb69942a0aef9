package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Writes all files of a mounted file system, in the order of their names' bytes, as a layer's stream has them. */
public final class TreeWriter {

    private TreeWriter() {}

    /**
     * Writes the files below a folder; the folder itself is no entry.
     *
     * @param modified what every entry has as its time instead of its own, in seconds since 1970
     */
    public static void write(Path root, OptionalLong modified, EntrySink sink) {
        try {
            LayerWriter.ofTree(sink, modified).write(root, false);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the files of the result", failure);
        }
    }
}
