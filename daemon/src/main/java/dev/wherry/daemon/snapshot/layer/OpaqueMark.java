package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** How overlayfs marks a folder that hides what lower layers have in the one of its name. */
public final class OpaqueMark {

    private static final String XATTR = "trusted.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

    private OpaqueMark() {}

    public static boolean is(Path directory) throws IOException {
        return Inodes.xattr(directory, XATTR)
                .map(value -> Arrays.equals(value, YES))
                .orElse(false);
    }

    public static void make(Path directory) throws IOException {
        Inodes.setXattr(directory, XATTR, YES);
    }
}
