package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.api.stream.PieceQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Bytes that one thread takes from a connection, and another one reads. While much is unread, the first one waits, and with
 * it the client: the protocols here have no working flow control of their own.
 */
final class InputPipe extends PieceQueue {

    static final int MOST_UNREAD = 64 << 10;

    private static final Duration LOOK_FOR_CLIENT = Duration.ofSeconds(1);

    private final BooleanSupplier left;

    /** @param left whether the client has left, which the waiting thread would learn by reading on */
    InputPipe(BooleanSupplier left) {
        super(() -> {});
        this.left = left;
    }

    /**
     * Adds what has arrived; after the end of the pipe nobody reads it.
     *
     * @throws IOException when the client leaves while it waits
     */
    void add(byte[] piece) throws IOException, InterruptedException {
        while (!awaitRoom(piece.length, MOST_UNREAD, LOOK_FOR_CLIENT)) {
            if (left.getAsBoolean()) {
                throw new IOException("the client went away");
            }
        }
        append(piece);
    }

    @Override
    public void close() {
        abandon();
    }
}
