package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.runtime.OutputSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Passes on what a client and a process write. */
final class StreamCopy {

    private static final int CHUNK = 32 << 10;

    private StreamCopy() {}

    /** Passes a client's input on to its end. Of a client that has gone, the end of the session tells. */
    static void input(ProcessStreams client, Attachment process) throws InterruptedException {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream stdin = client.stdin();
            for (int count = stdin.read(buffer); count >= 0; count = stdin.read(buffer)) {
                process.write(Arrays.copyOf(buffer, count));
            }
            process.closeInput();
        } catch (IOException gone) {
            // The session of a client that has gone ends by itself.
        }
    }

    /** What passes the output of a process on to a client; a client that has gone takes no more. */
    static OutputSink output(ProcessStreams client) {
        return new OutputSink() {
            @Override
            public void stdout(byte[] chunk) {
                write(client.stdout(), chunk);
            }

            @Override
            public void stderr(byte[] chunk) {
                write(client.stderr(), chunk);
            }
        };
    }

    private static void write(OutputStream to, byte[] chunk) {
        try {
            to.write(chunk);
        } catch (IOException gone) {
            throw new CancelledException("the client went away");
        }
    }
}
