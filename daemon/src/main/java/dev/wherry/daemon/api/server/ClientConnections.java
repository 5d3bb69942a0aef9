package dev.wherry.daemon.api.server;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of clients, and the calls on each. A client that is killed closes its connection without a word on
 * its calls, and the server tells nobody: here its calls are cancelled.
 */
@Singleton
final class ClientConnections {

    private static final String LOCAL = "wherry-connection";

    private final Map<HttpConnection, Set<CallConnection>> calls = new ConcurrentHashMap<>();

    /** Notes the connection of each request before its call starts. */
    void note(@Observes Filters filters) {
        filters.register(
                request -> {
                    HttpConnection connection = request.request().connection();
                    calls.computeIfAbsent(connection, opened -> {
                        opened.closeHandler(closed -> cancelAll(opened));
                        return ConcurrentHashMap.newKeySet();
                    });
                    Vertx.currentContext().putLocal(LOCAL, connection);
                    request.next();
                },
                1000);
    }

    /** Cancels the line when the connection of the current request closes; the result ends that. */
    Runnable track(CallConnection line) {
        Context context = Vertx.currentContext();
        HttpConnection connection = context == null ? null : context.getLocal(LOCAL);
        Set<CallConnection> lines = connection == null ? null : calls.get(connection);
        if (lines == null) {
            return () -> {};
        }
        lines.add(line);
        return () -> lines.remove(line);
    }

    private void cancelAll(HttpConnection connection) {
        Set<CallConnection> lines = calls.remove(connection);
        if (lines != null) {
            lines.forEach(CallConnection::cancel);
        }
    }
}
