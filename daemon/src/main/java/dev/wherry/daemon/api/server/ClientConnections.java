package dev.wherry.daemon.api.server;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The HTTP/2 stream of each call. A stream may close without a word to its call: a client that is killed closes its
 * connection, and of the codes that a client may reset a stream with the server passes on only some. Here a call is
 * cancelled whenever its stream closes before the call has ended.
 */
@Singleton
final class ClientConnections {

    private static final String LOCAL = "wherry-stream";

    /** Notes the stream of each request before its call starts. */
    void note(@Observes Filters filters) {
        filters.register(
                request -> {
                    Vertx.currentContext().putLocal(LOCAL, request.response());
                    request.next();
                },
                1000);
    }

    /** Cancels the call when the stream of the current request closes; the result ends that. */
    Runnable track(CallConnection call) {
        Context context = Vertx.currentContext();
        HttpServerResponse stream = context == null ? null : context.getLocal(LOCAL);
        if (stream == null) {
            return () -> {};
        }
        AtomicBoolean ended = new AtomicBoolean();
        stream.closeHandler(closed -> {
            if (!ended.get()) {
                call.cancel();
            }
        });
        return () -> ended.set(true);
    }
}
