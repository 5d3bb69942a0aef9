package dev.wherry.daemon.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Tells by its first bytes whether ADD would unpack a file. */
final class ArchiveTypes {

    private static final int TAR_MAGIC_AT = 257;
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] COMPRESSED = {
        {0x1f, (byte) 0x8b, 0x08},
        {'B', 'Z', 'h'},
        {(byte) 0xfd, '7', 'z', 'X', 'Z', 0},
        {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
    };

    private ArchiveTypes() {}

    static boolean isArchive(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            head = in.readNBytes(TAR_MAGIC_AT + TAR.length);
        }
        for (byte[] magic : COMPRESSED) {
            if (startsWith(head, 0, magic)) {
                return true;
            }
        }
        return startsWith(head, TAR_MAGIC_AT, TAR);
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] magic) {
        if (bytes.length < from + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[from + i] != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
