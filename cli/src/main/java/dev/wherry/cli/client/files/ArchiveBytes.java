package dev.wherry.cli.client.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HexFormat;

/** Recognizes archives by their first bytes. */
public final class ArchiveBytes {
    private static final int TAR_MAGIC_AT = 257;
    private static final int TOLD_BY = TAR_MAGIC_AT + 5;

    private ArchiveBytes() {}

    /** Whether a stream begins as a tar archive does, plain or compressed; nothing of it is used up. */
    public static boolean begin(BufferedInputStream in) throws IOException {
        in.mark(TOLD_BY);
        byte[] head = in.readNBytes(TOLD_BY);
        in.reset();
        String hex = HexFormat.of().formatHex(head);
        boolean compressed = hex.startsWith("1f8b08") // gzip
                || hex.startsWith("425a68") // bzip2
                || hex.startsWith("fd377a585a00") // xz
                || hex.startsWith("28b52ffd"); // zstd
        return compressed || head.length == TOLD_BY && hex.endsWith("7573746172");
    }
}
