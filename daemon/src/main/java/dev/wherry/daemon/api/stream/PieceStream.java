package dev.wherry.daemon.api.stream;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.error.CancelledException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/** Bytes that a client sends in pieces: the next is taken when the one before has been read. */
public abstract class PieceStream extends InputStream {

    private final String cancelled;
    private ByteString piece = ByteString.EMPTY;
    private int at;

    /** @param cancelled what is said when the reader is interrupted */
    protected PieceStream(String cancelled) {
        this.cancelled = cancelled;
    }

    /** Waits for the next piece; empty at the end. */
    protected abstract Optional<ByteString> next() throws InterruptedException;

    @Override
    public final int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (at == piece.size()) {
            Optional<ByteString> taken = take();
            if (taken.isEmpty()) {
                return -1;
            }
            piece = taken.get();
            at = 0;
        }
        int count = Math.min(length, piece.size() - at);
        piece.copyTo(bytes, at, offset, count);
        at += count;
        return count;
    }

    private Optional<ByteString> take() {
        try {
            return next();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            // No failure to read, which each reader would report in its own words.
            throw new CancelledException(cancelled, interrupted);
        }
    }
}
