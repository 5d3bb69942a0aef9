package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Function;

/** Sends a stream of bytes to a client in messages of one size; a write waits while the client takes no more. */
final class ChunkOutput<T> extends OutputStream {

    private static final int CHUNK = 64 << 10;

    private final ResponseSender<T> out;
    private final Function<ByteString, T> message;
    private byte[] chunk = new byte[CHUNK];
    private int length;

    ChunkOutput(ResponseSender<T> out, Function<ByteString, T> message) {
        this.out = out;
        this.message = message;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, CHUNK - length);
            System.arraycopy(bytes, offset + done, chunk, length, part);
            length += part;
            done += part;
            if (length == CHUNK) {
                send();
            }
        }
    }

    /** Sends what has been gathered. */
    private void send() {
        byte[] full = length == CHUNK ? chunk : Arrays.copyOf(chunk, length);
        if (full == chunk) {
            chunk = new byte[CHUNK];
        }
        length = 0;
        try {
            out.send(message.apply(UnsafeByteOperations.unsafeWrap(full)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        }
    }

    @Override
    public void close() {
        if (length > 0) {
            send();
        }
    }
}
