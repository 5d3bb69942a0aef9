package dev.wherry.daemon.snapshot;

/**
 * What became of one path.
 *
 * @param path absolute
 */
public record Change(String path, Kind kind) {

    public enum Kind {
        MODIFIED,
        ADDED,
        DELETED
    }
}
