package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.stream.PieceStream;
import java.util.Optional;
import java.util.function.Function;

/** The bytes that a client sends in chunks, as one stream. */
final class RequestStream<T> extends PieceStream {

    private final RequestQueue<T> requests;
    private final Function<T, ByteString> chunk;

    RequestStream(RequestQueue<T> requests, Function<T, ByteString> chunk) {
        super("the client went away");
        this.requests = requests;
        this.chunk = chunk;
    }

    @Override
    protected Optional<ByteString> next() throws InterruptedException {
        return requests.next().map(chunk);
    }
}
