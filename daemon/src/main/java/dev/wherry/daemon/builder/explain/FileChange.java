package dev.wherry.daemon.builder.explain;

import java.util.Optional;

/**
 * A file that differs between two copies.
 *
 * @param before what it was; empty for an added file
 * @param after what it is; empty for a removed file
 */
public record FileChange(How how, Optional<FileEntry> before, Optional<FileEntry> after) {

    /** What is different, in the order of telling. */
    public enum How {
        CONTENT,
        MODE,
        OWNER,
        LINK,
        TYPE,
        RENAMED,
        ADDED,
        REMOVED
    }

    /** Where it is, or was. */
    public String path() {
        return after.or(() -> before).orElseThrow().path();
    }
}
