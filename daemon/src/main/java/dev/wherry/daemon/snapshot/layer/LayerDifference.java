package dev.wherry.daemon.snapshot.layer;

/**
 * The first thing in which two layers differ.
 *
 * @param path of the file, from the root of the image; empty when the files are the same and only their order as links is
 *     not
 * @param kind what of the file differs
 * @param what the difference in words: {@code mode 0644, then 0600}
 * @param offset of the first byte of the content that differs; -1 where that is not the difference
 */
public record LayerDifference(String path, Kind kind, String what, long offset) {

    /** What of a file can differ. */
    public enum Kind {
        PRESENCE,
        TYPE,
        CONTENT,
        LINK,
        MODE,
        OWNER,
        TIME,
        ATTRIBUTE
    }
}
