package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.linux.FileStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds out which files of one source are one file under several names; a copy keeps them one. */
public final class HardLinks {

    private final Map<ContentDigests.Inode, SourceFile> seen = new HashMap<>();

    /** The file that was asked for before and is the same one, if there is one. */
    public Optional<SourceFile> earlier(SourceFile file) {
        FileStatus status = file.status();
        if (!status.isRegular() || status.links() == 1) {
            return Optional.empty();
        }
        ContentDigests.Inode inode = new ContentDigests.Inode(status.device(), status.inode());
        return Optional.ofNullable(seen.putIfAbsent(inode, file));
    }
}
