package dev.wherry.daemon.api.docker.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The body of an answer, written by blocking code, each write as a piece of its own; a slow client holds it back, and one
 * that has gone ends it with a {@link dev.wherry.daemon.error.CancelledException}.
 */
public final class ResponseBody extends OutputStream {

    private static final int LARGEST_PIECE = 64 << 10;

    private final HttpServerResponse response;
    private final WriteWindow window;

    ResponseBody(HttpServerResponse response, WriteWindow window) {
        this.response = response;
        this.window = window;
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    /** Writes a text and the end of its line. */
    public void line(String text) {
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        for (int from = offset; from < offset + length; from += LARGEST_PIECE) {
            int count = Math.min(LARGEST_PIECE, offset + length - from);
            window.take(count);
            response.write(Buffer.buffer(Arrays.copyOfRange(bytes, from, from + count)))
                    .onComplete(written -> window.give(count, written.succeeded()));
        }
    }
}
