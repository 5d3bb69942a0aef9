package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;

/** Gives the files of a layer that is about to be committed times that do not depend on when they were made. */
public final class LayerTimes {

    private final long latest;

    /** @param latest the time, in seconds since 1970, after which no file may have changed */
    public LayerTimes(long latest) {
        this.latest = latest;
    }

    /** Dates back a folder and all in it, as far as they are younger. */
    public void limit(Path path) throws IOException {
        FileStatus status = Inodes.status(path);
        if (status.isWhiteout()) {
            // Overlayfs may share one inode among all of them, and a layer tells no time of them.
            return;
        }
        if (status.isDirectory()) {
            for (Path child : FileTrees.list(path)) {
                limit(child);
            }
        }
        if (status.modified() > latest || status.modified() == latest && status.modifiedNanos() > 0) {
            Inodes.utimensat(path, latest, 0);
        }
    }
}
