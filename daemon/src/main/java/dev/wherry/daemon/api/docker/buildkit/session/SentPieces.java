package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import java.io.OutputStream;
import java.util.Objects;

/** Bytes that a client takes in messages of a certain size. Closing it sends what is left. */
abstract class SentPieces extends OutputStream {

    private final byte[] buffer;
    private int filled;

    SentPieces(int size) {
        this.buffer = new byte[size];
    }

    /** Sends a message; not an empty one. */
    abstract void send(ByteString piece) throws InterruptedException;

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        for (int at = offset; at < offset + length; ) {
            int part = Math.min(buffer.length - filled, offset + length - at);
            System.arraycopy(bytes, at, buffer, filled, part);
            filled += part;
            at += part;
            if (filled == buffer.length) {
                flush();
            }
        }
    }

    @Override
    public void flush() {
        if (filled > 0) {
            ByteString piece = ByteString.copyFrom(buffer, 0, filled);
            filled = 0;
            SessionOutputs.talk(() -> send(piece));
        }
    }

    @Override
    public void close() {
        flush();
    }
}
