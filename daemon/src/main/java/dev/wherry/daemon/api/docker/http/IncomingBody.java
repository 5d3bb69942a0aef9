package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.api.stream.PieceQueue;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;

/** What a client sends, read by blocking code as it arrives: the client waits while nobody reads. */
final class IncomingBody {

    /** So many pieces may wait here, each as large as one read of the socket. */
    private static final int AHEAD = 4;

    private IncomingBody() {}

    /** On the thread that the request arrives on, before it goes on to others. */
    static InputStream of(HttpServerRequest request) {
        PieceQueue stream = new PieceQueue(() -> request.fetch(1));
        request.pause();
        request.handler(data -> stream.append(data.getBytes()));
        request.endHandler(_ -> stream.end());
        request.exceptionHandler(_ -> stream.fail("the client went away"));
        request.fetch(AHEAD);
        return stream;
    }
}
