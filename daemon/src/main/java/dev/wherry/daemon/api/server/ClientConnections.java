package dev.wherry.daemon.api.server;

import dev.wherry.daemon.linux.PeerCredentials;
import dev.wherry.daemon.linux.SystemCallException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.AttributeKey;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The HTTP/2 stream of each call. A stream may close without a word to its call: a client that is killed closes its
 * connection, and of the codes that a client may reset a stream with the server passes on only some. Here a call is
 * cancelled whenever its stream closes before the call has ended, and learns whether the whole connection has closed.
 */
@Singleton
final class ClientConnections {

    private static final Logger LOG = Logger.getLogger(ClientConnections.class);
    private static final String LOCAL = "wherry-request";

    /** Set on the channel of a connection by whoever has found out who its peer is, before its first call. */
    static final AttributeKey<Peer> PEER = AttributeKey.valueOf(Peer.class, "peer");

    /** Set on the channel of a connection whose calls are all refused, with the reason. */
    static final AttributeKey<String> REFUSAL = AttributeKey.valueOf(ClientConnections.class, "refusal");

    /** Set on the channel of a connection of a kubelet. */
    static final AttributeKey<Boolean> CRI = AttributeKey.valueOf(ClientConnections.class, "cri");

    private static final String NO_NAMESPACES =
            "permission denied: this socket does not lead into namespaces: use wherry, or wherry's own API";

    /** What becomes of a connection whose peer another daemon serves. */
    enum Elsewhere {
        HANDED_OVER,
        /** Whoever serves it sees to that, or nobody else can connect. */
        KEPT,
        REFUSED
    }

    /** For the server's channel of a unix socket: finds out whose connection it is, and whether it stays here. */
    static final class Acceptor extends ChannelInboundHandlerAdapter {

        private final TcpConnections connections;
        private final Elsewhere elsewhere;
        private final boolean cri;

        /** @param cri whether a kubelet connects here */
        Acceptor(TcpConnections connections, Elsewhere elsewhere, boolean cri) {
            this.cri = cri;
            this.connections = connections;
            this.elsewhere = elsewhere;
        }

        /** @param connection as the server's channel emits it */
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            Channel channel = (Channel) connection;
            noteLocalUser(channel);
            if (cri) {
                channel.attr(CRI).set(true);
            }
            Peer peer = channel.attr(PEER).get();
            if (peer != null && elsewhere != Elsewhere.KEPT) {
                connections.elsewhere(peer).ifPresent(daemon -> {
                    if (elsewhere == Elsewhere.HANDED_OVER) {
                        channel.pipeline().addFirst(new Splice(peer, daemon));
                    } else {
                        channel.attr(REFUSAL).set(NO_NAMESPACES);
                    }
                });
            }
            context.fireChannelRead(connection);
        }
    }

    /** Notes each request before its call starts. */
    void note(@Observes Filters filters) {
        filters.register(
                request -> {
                    Vertx.currentContext().putLocal(LOCAL, request.request());
                    request.next();
                },
                1000);
    }

    /** Cancels the call when the stream of the current request closes; the result ends that. */
    Runnable track(CallConnection call) {
        HttpServerRequest request = current();
        if (request == null) {
            return () -> {};
        }
        HttpServerResponse stream = request.response();
        AtomicBoolean ended = new AtomicBoolean();
        stream.closeHandler(closed -> {
            if (ended.get()) {
                return;
            }
            if (isOpen(request)) {
                call.cancel();
            } else {
                call.lose();
            }
        });
        return () -> ended.set(true);
    }

    /** Whether the connection is there although a stream of it has closed. */
    private static boolean isOpen(HttpServerRequest request) {
        return !(request.connection() instanceof ConnectionBase connection)
                || connection.channel().isActive();
    }

    /** Notes who has connected, when the connection came by a unix socket. */
    static void noteLocalUser(Channel connection) {
        if (connection instanceof NioDomainSocketChannel unix
                && ((AbstractNioChannel.NioUnsafe) unix.unsafe()).ch() instanceof SocketChannel socket) {
            try {
                connection.attr(PEER).set(Peer.LocalUser.of(PeerCredentials.of(socket)));
            } catch (SystemCallException failure) {
                LOG.warnf("the user of a connection is not known: %s", failure.getMessage());
            }
        }
    }

    /** {@link Peer#ofCall} */
    static Optional<Peer> peer() {
        return attribute(PEER);
    }

    /** Why calls of the current connection are refused; empty when they are not. */
    static Optional<String> refusal() {
        return attribute(REFUSAL);
    }

    /** Whether the current connection is a kubelet's. */
    static boolean isCri() {
        return attribute(CRI).isPresent();
    }

    private static <T> Optional<T> attribute(AttributeKey<T> key) {
        HttpServerRequest request = current();
        return request != null && request.connection() instanceof ConnectionBase connection
                ? Optional.ofNullable(connection.channel().attr(key).get())
                : Optional.empty();
    }

    private static HttpServerRequest current() {
        Context context = Vertx.currentContext();
        return context == null ? null : context.getLocal(LOCAL);
    }
}
