package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.runtime.OutputSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * What a process writes, as docker's clients read it: from a terminal as it stands; else in frames, each with the number
 * of its stream, three zeros and its length in 32 bits.
 */
final class OutputFrames implements OutputSink {

    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final String FRAMED = "application/vnd.docker.multiplexed-stream";
    private static final int HEADER = 8;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;

    private final OutputStream out;
    private final boolean tty;
    private final boolean stdout;
    private final boolean stderr;

    /**
     * @param tty whether a terminal wrote it
     * @param stdout whether the client wants standard output
     */
    OutputFrames(OutputStream out, boolean tty, boolean stdout, boolean stderr) {
        this.out = out;
        this.tty = tty;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Clients before 1.42 take frames under the name of a raw stream. */
    static String type(ApiVersion version, boolean tty) {
        return tty || version.isBefore(42) ? RAW : FRAMED;
    }

    @Override
    public void stdout(byte[] chunk) {
        if (stdout) {
            write(STDOUT, chunk);
        }
    }

    @Override
    public void stderr(byte[] chunk) {
        if (stderr) {
            write(STDERR, chunk);
        }
    }

    private synchronized void write(byte stream, byte[] chunk) {
        try {
            if (tty) {
                out.write(chunk);
            } else {
                out.write(ByteBuffer.allocate(HEADER + chunk.length)
                        .put(stream)
                        .put(new byte[3])
                        .putInt(chunk.length)
                        .put(chunk)
                        .array());
            }
        } catch (IOException gone) {
            throw new CancelledException("the client went away");
        }
    }
}
