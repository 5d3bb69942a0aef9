package dev.wherry.daemon.snapshot.layer;

/**
 * What became of one path.
 *
 * @param path absolute
 */
public record ChangedPath(String path, Kind kind) {

    public enum Kind {
        MODIFIED,
        ADDED,
        DELETED
    }
}
