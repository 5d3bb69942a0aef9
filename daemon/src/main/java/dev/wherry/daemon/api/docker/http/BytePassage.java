package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

/** Passes the bytes of a client on to a connection, both ways, until one side ends. */
public final class BytePassage implements AutoCloseable {

    private static final int CHUNK = 64 << 10;

    private final InputStream input;
    private final OutputStream output;
    private final SocketChannel other;
    private final Way afterInput;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Begins; closing it closes the other connection.
     *
     * @param input from the client; may fail with {@link CancelledException}, as writing to the output may
     */
    public BytePassage(InputStream input, OutputStream output, SocketChannel other) {
        this(input, output, other, () -> {});
    }

    private BytePassage(InputStream input, OutputStream output, SocketChannel other, Way afterInput) {
        this.afterInput = afterInput;
        this.input = input;
        this.output = output;
        this.other = other;
        Background.start("passage-out", () -> pass(this::out));
        Background.start("passage-in", () -> pass(this::in));
    }

    private interface Way {
        void pass() throws IOException, InterruptedException;
    }

    /** One that passes on the end of what the client sends too: it lasts until the other side ends, or the client is gone. */
    static BytePassage ofBothWays(RawConnection client, SocketChannel other) {
        return new BytePassage(client.input(), client.output(), other, () -> {
            other.shutdownOutput();
            client.awaitGone();
        });
    }

    private void out() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (other.read(buffer) >= 0) {
            output.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
    }

    private void in() throws IOException, InterruptedException {
        byte[] bytes = new byte[CHUNK];
        for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
            while (rest.hasRemaining()) {
                other.write(rest);
            }
        }
        afterInput.pass();
    }

    private void pass(Way way) {
        try {
            way.pass();
        } catch (IOException | CancelledException | InterruptedException gone) {
            // The other way ends too.
        } finally {
            ended.countDown();
        }
    }

    /** Waits until one side has ended. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        try {
            other.close();
        } catch (IOException closed) {
            // It is closed all the same.
        }
    }
}
