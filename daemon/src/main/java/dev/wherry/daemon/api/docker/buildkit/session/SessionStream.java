package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.error.CancelledException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Bytes that a client sends in messages: the next is taken when the one before has been read. */
public final class SessionStream extends InputStream {

    /** Waits for the next message; empty at the end. */
    public interface Messages {
        Optional<ByteString> next() throws InterruptedException;
    }

    private final Messages messages;
    private final AutoCloseable call;
    private final LongConsumer arrived;
    private ByteString piece = ByteString.EMPTY;
    private int at;
    private long bytes;

    /**
     * @param call ends when the stream is closed
     * @param arrived is told how many bytes have come in all
     */
    public SessionStream(Messages messages, AutoCloseable call, LongConsumer arrived) {
        this.messages = messages;
        this.call = call;
        this.arrived = arrived;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        while (at == piece.size()) {
            Optional<ByteString> next = next();
            if (next.isEmpty()) {
                return -1;
            }
            piece = next.get();
            at = 0;
            bytes += piece.size();
            arrived.accept(bytes);
        }
        int count = Math.min(length, piece.size() - at);
        piece.copyTo(buffer, at, from, count);
        at += count;
        return count;
    }

    private Optional<ByteString> next() {
        try {
            return messages.next();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    @Override
    public void close() {
        try {
            call.close();
        } catch (Exception ended) {
            // It has ended.
        }
    }
}
