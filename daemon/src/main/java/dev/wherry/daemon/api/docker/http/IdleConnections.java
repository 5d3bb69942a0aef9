package dev.wherry.daemon.api.docker.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Closes connections on which nothing is asked for minutes: a client that is slow to ask keeps none open for ever. */
final class IdleConnections {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long ROUND_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final AttributeKey<IdleConnections.Use> USE = AttributeKey.valueOf(IdleConnections.class, "use");

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    /** Of one connection; guarded by itself. */
    private static final class Use {
        private int requests;
        private long since = System.nanoTime();

        synchronized void change(int by) {
            requests += by;
            since = System.nanoTime();
        }

        synchronized boolean isOver() {
            return requests == 0 && System.nanoTime() - since > LONGEST_NANOS;
        }
    }

    IdleConnections(Vertx vertx) {
        vertx.setPeriodic(
                ROUND_MILLIS,
                _ -> open.stream()
                        .filter(connection -> connection.attr(USE).get().isOver())
                        .forEach(Channel::close));
    }

    void opened(Channel connection) {
        connection.attr(USE).set(new Use());
        open.add(connection);
        connection.closeFuture().addListener(_ -> open.remove(connection));
    }

    void begin(Channel connection) {
        connection.attr(USE).get().change(1);
    }

    void end(Channel connection) {
        connection.attr(USE).get().change(-1);
    }
}
