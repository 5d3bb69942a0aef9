package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;

/** A Dockerfile that is read from standard input. */
final class StdinDockerfile {
    /** The daemon takes messages of 256 KiB. */
    private static final int LARGEST = 200 << 10;

    private StdinDockerfile() {}

    /**
     * Reads all of it.
     *
     * @throws Failure when it is empty or too long
     */
    static byte[] read(InputStream stdin) throws IOException {
        byte[] content = stdin.readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
            throw new Failure("build: the Dockerfile is larger than " + (LARGEST >> 10) + " KiB");
        }
        if (content.length == 0) {
            throw new Failure("build: the Dockerfile on standard input is empty");
        }
        return content;
    }
}
