package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.runtime.OutputSink;
import java.util.function.Function;

/** Sends what a process writes to a client, in messages that no client refuses for their size. */
public final class OutputSender<T> implements OutputSink {

    private static final int CHUNK = 64 * 1024;

    private final ResponseSender<T> out;
    private final Function<ByteString, T> stdout;
    private final Function<ByteString, T> stderr;

    public OutputSender(ResponseSender<T> out, Function<ByteString, T> stdout, Function<ByteString, T> stderr) {
        this.out = out;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    @Override
    public void stdout(byte[] chunk) {
        send(chunk, stdout);
    }

    @Override
    public void stderr(byte[] chunk) {
        send(chunk, stderr);
    }

    private void send(byte[] chunk, Function<ByteString, T> message) {
        try {
            for (int from = 0; from < chunk.length; from += CHUNK) {
                int length = Math.min(CHUNK, chunk.length - from);
                // The chunk is ours: nobody writes to it any more.
                out.send(message.apply(UnsafeByteOperations.unsafeWrap(chunk, from, length)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        }
    }
}
