package dev.wherry.daemon.snapshot.unpack;

/**
 * What one tar stream may ask for at most, so that a hostile one cannot fill memory or disk.
 *
 * @param entries files, folders and links
 * @param bytes of all files together, holes counted
 * @param headerBytes extended headers of one entry: names and attributes
 * @param whiteouts entries that hide files of lower layers, which are kept in memory until those layers are known
 */
public record UnpackLimits(long entries, long bytes, int headerBytes, int whiteouts) {

    /** Far beyond any real layer. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(10_000_000, 1L << 40, 1 << 20);

    /** As many whiteouts as no real layer has. */
    public UnpackLimits(long entries, long bytes, int headerBytes) {
        this(entries, bytes, headerBytes, 1_000_000);
    }
}
