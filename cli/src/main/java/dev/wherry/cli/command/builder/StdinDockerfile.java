package dev.wherry.cli.command.builder;

import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A Dockerfile that comes from standard input. */
final class StdinDockerfile {
    /** The daemon takes messages of 256 KiB. */
    private static final int LARGEST = 200 << 10;

    private static final int TAR_MAGIC_OFFSET = 257;
    private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

    private StdinDockerfile() {}

    /**
     * Reads all of it.
     *
     * @throws Failure when it is an archive, empty or too long
     */
    static byte[] read(Console console) throws IOException {
        byte[] content = console.in().readNBytes(LARGEST + 1);
        if (isArchive(content)) {
            throw new Failure(
                    "build: a tar archive as build context is not supported yet: unpack it and give the directory");
        }
        if (content.length > LARGEST) {
            throw new Failure("build: the Dockerfile is larger than " + (LARGEST >> 10) + " KiB");
        }
        if (content.length == 0) {
            throw new Failure("build: the Dockerfile on standard input is empty");
        }
        return content;
    }

    private static boolean isArchive(byte[] content) {
        boolean gzip = content.length > 2 && content[0] == 0x1f && (content[1] & 0xff) == 0x8b;
        int end = TAR_MAGIC_OFFSET + TAR_MAGIC.length;
        return gzip
                || content.length >= end
                        && Arrays.equals(Arrays.copyOfRange(content, TAR_MAGIC_OFFSET, end), TAR_MAGIC);
    }
}
