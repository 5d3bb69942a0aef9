package dev.wherry.daemon.snapshot.unpack;

/**
 * What one tar stream may ask for at most, so that a hostile one cannot fill memory or disk.
 *
 * @param entries files, folders and links
 * @param bytes of all files together, holes counted
 * @param headerBytes extended headers of one entry: names and attributes
 */
public record UnpackLimits(long entries, long bytes, int headerBytes) {

    /** Far beyond any real layer. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(10_000_000, 1L << 40, 1 << 20);
}
