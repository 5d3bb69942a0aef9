package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The bytes that a client sends in chunks, as one stream. */
final class RequestStream<T> extends InputStream {

    private final RequestQueue<T> requests;
    private final Function<T, ByteString> chunk;
    private ByteString current = ByteString.EMPTY;
    private int position;

    RequestStream(RequestQueue<T> requests, Function<T, ByteString> chunk) {
        this.requests = requests;
        this.chunk = chunk;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (position == current.size()) {
            Optional<T> request = next();
            if (request.isEmpty()) {
                return -1;
            }
            current = chunk.apply(request.get());
            position = 0;
        }
        int count = Math.min(length, current.size() - position);
        current.copyTo(bytes, position, offset, count);
        position += count;
        return count;
    }

    private Optional<T> next() {
        try {
            return requests.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // No failure to read, which each reader would report in its own words.
            throw new CancelledException("the client went away", e);
        }
    }
}
