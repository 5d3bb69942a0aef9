package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.stream.PieceStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Bytes that a client of BuildKit sends in messages. */
public final class SessionStream extends PieceStream {

    /** Waits for the next message; empty at the end. */
    public interface Messages {
        Optional<ByteString> next() throws InterruptedException;
    }

    private final Messages messages;
    private final AutoCloseable call;
    private final LongConsumer arrived;
    private long bytes;

    /**
     * @param call ends when the stream is closed
     * @param arrived is told how many bytes have come in all
     */
    public SessionStream(Messages messages, AutoCloseable call, LongConsumer arrived) {
        super("the build was cancelled");
        this.messages = messages;
        this.call = call;
        this.arrived = arrived;
    }

    @Override
    protected Optional<ByteString> next() throws InterruptedException {
        Optional<ByteString> piece = messages.next();
        piece.ifPresent(come -> arrived.accept(bytes += come.size()));
        return piece;
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
