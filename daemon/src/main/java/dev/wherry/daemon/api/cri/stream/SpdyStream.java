package dev.wherry.daemon.api.cri.stream;

import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** One stream of a connection: its headers say what for. Each direction ends by itself. */
final class SpdyStream {

    /** A frame holds 16 MB at most; smaller ones let other streams through. */
    private static final int LARGEST_DATA = 32 << 10;

    private final SpdyConnection connection;
    private final int id;
    private final SpdyHeaders headers;
    private final InputPipe input;
    private final OutputStream output = new Output();
    private final AtomicBoolean inputOver = new AtomicBoolean();
    private final AtomicBoolean outputOver = new AtomicBoolean();

    SpdyStream(SpdyConnection connection, int id, SpdyHeaders headers, InputPipe input) {
        this.input = input;
        this.connection = connection;
        this.id = id;
        this.headers = headers;
    }

    int id() {
        return id;
    }

    /** A header of the stream, whose name has any case; empty if the client has not set it. */
    String header(String name) {
        return Objects.requireNonNullElse(headers.getAsString(name), "");
    }

    /** What the client sends on it. */
    InputStream input() {
        return input;
    }

    /** What the client gets; closing it ends this direction. */
    OutputStream output() {
        return output;
    }

    void arrived(byte[] content) throws IOException, InterruptedException {
        if (!inputOver.get()) {
            input.add(content);
        }
    }

    void inputEnded() {
        input.end();
        inputOver.set(true);
        forgetIfOver();
    }

    /** The client has given the stream up, or is gone. */
    void broken() {
        input.fail("the client went away");
        inputOver.set(true);
        outputOver.set(true);
        connection.forget(id);
    }

    /** Ends both directions at once. */
    void reset() throws IOException {
        input.close();
        inputOver.set(true);
        connection.forget(id);
        if (!outputOver.getAndSet(true)) {
            connection.reset(id, SpdyStreamStatus.CANCEL);
        }
    }

    private void forgetIfOver() {
        if (inputOver.get() && outputOver.get()) {
            connection.forget(id);
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int sent = 0; sent < length; sent += LARGEST_DATA) {
                if (outputOver.get()) {
                    throw new IOException("the client has closed the stream");
                }
                connection.send(id, bytes, offset + sent, Math.min(LARGEST_DATA, length - sent), false);
            }
        }

        @Override
        public void close() throws IOException {
            if (!outputOver.getAndSet(true)) {
                connection.send(id, new byte[0], 0, 0, true);
                forgetIfOver();
            }
        }
    }
}
