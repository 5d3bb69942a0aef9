package dev.wherry.daemon.snapshot.layer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The names by which a layer's tar stream hides what is below it (OCI image-spec, "Whiteouts"). */
public final class Whiteouts {

    private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESERVED = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);

    /** In a folder, hides all that lower layers have in it. */
    static final byte[] OPAQUE = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);

    private Whiteouts() {}

    /** The name of the entry that hides this one. */
    static byte[] of(byte[] name) {
        byte[] whiteout = Arrays.copyOf(PREFIX, PREFIX.length + name.length);
        System.arraycopy(name, 0, whiteout, PREFIX.length, name.length);
        return whiteout;
    }

    public static boolean is(byte[] name) {
        return startsWith(name, PREFIX);
    }

    public static boolean isOpaque(byte[] name) {
        return Arrays.equals(name, OPAQUE);
    }

    /** Whether an entry is bookkeeping of the first overlay file systems, which says nothing of files. */
    public static boolean isReserved(byte[] name) {
        return startsWith(name, RESERVED);
    }

    /** The name that a whiteout hides. */
    public static byte[] hidden(byte[] whiteout) {
        return Arrays.copyOfRange(whiteout, PREFIX.length, whiteout.length);
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }
}
