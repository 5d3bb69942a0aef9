package dev.wherry.daemon.api.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One TCP connection, from the first byte to the last: this handler stands before all others, also before TLS. It finds
 * out who the {@link Peer} is, and ends the connection when it is of no use: a peer that does not begin to speak HTTP/2
 * in time, that has had no call for long, or that does not answer. All methods but {@link #address} are called on the
 * connection's own thread.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {

    /** What a client may take until it speaks HTTP/2, after the handshake. */
    static final Duration BEGIN = Duration.ofSeconds(10);

    /** After so long without a call a connection ends; clients of gRPC make another one when they need it. */
    static final Duration IDLE = Duration.ofMinutes(10);

    /** After so long without a byte the peer is asked for one. */
    static final Duration SILENT = Duration.ofSeconds(60);

    /** What the peer may take for its answer. */
    static final Duration ANSWER = Duration.ofSeconds(30);

    private final TcpConnections connections;
    private final Channel channel;
    private final InetSocketAddress address;
    private final Splice.Route route;
    private Optional<X509Certificate> certificate = Optional.empty();
    private boolean established;
    private boolean elsewhere;
    private long began;
    private long lastCall;
    private long lastByte;
    private boolean asked;
    private long askedAt;

    TcpConnection(TcpConnections connections, Channel channel, Splice.Route route) {
        this(connections, channel, (InetSocketAddress) channel.remoteAddress(), route);
    }

    /**
     * @param address where the client is, which may not be where the connection comes from
     * @param route to which daemon it goes when its peer is known
     */
    TcpConnection(TcpConnections connections, Channel channel, InetSocketAddress address, Splice.Route route) {
        this.route = route;
        this.connections = connections;
        this.channel = channel;
        this.address = address;
    }

    InetSocketAddress address() {
        return address;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            establish(new Peer.Loopback(address()));
        } else {
            tls.handshakeFuture().addListener(handshake -> {
                if (handshake.isSuccess()) {
                    establish(tls);
                } else {
                    // TLS sends its alert and closes.
                    HandshakeFailure.reason(handshake.cause()).ifPresent(this::tell);
                }
            });
        }
        context.fireChannelActive();
    }

    private void establish(SslHandler tls) throws SSLPeerUnverifiedException {
        X509Certificate shown = (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
        certificate = Optional.of(shown);
        try {
            // A resumed session was checked when it began, which may be long ago.
            shown.checkValidity();
        } catch (CertificateException expired) {
            refuse("the certificate of " + ClientTrust.describe(shown) + " has expired");
            return;
        }
        establish(Peer.Certificate.of(shown, address().getAddress()));
    }

    private void establish(Peer peer) {
        began = connections.now();
        lastCall = began;
        lastByte = began;
        established = true;
        channel.attr(ClientConnections.PEER).set(peer);
        Optional<String> refusal = connections.established(this, peer);
        refusal.ifPresentOrElse(this::refuse, () -> handOver(peer));
    }

    /** The daemon that gets a connection asks the client for signs of life, here it is only counted. */
    private void handOver(Peer peer) {
        route.of(peer).ifPresent(daemon -> {
            elsewhere = true;
            ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
            ChannelHandlerContext before = tls == null ? channel.pipeline().context(this) : tls;
            channel.pipeline().addAfter(before.name(), null, new Splice(peer, daemon));
        });
    }

    /** Takes over a connection that another daemon has established. */
    void takeOver(Peer peer) {
        establish(peer);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        lastByte = connections.now();
        asked = false;
        context.fireChannelRead(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.ended(this);
        context.fireChannelInactive();
    }

    /** Ends the connection if it is of no use any more. */
    void check() {
        if (!established || elsewhere || !channel.isActive()) {
            // TLS has a limit of its own for the handshake.
            return;
        }
        long now = connections.now();
        Http2ConnectionHandler http = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http == null) {
            if (now - began > BEGIN.toNanos()) {
                refuse("it does not speak HTTP/2");
            }
            return;
        }
        if (http.connection().numActiveStreams() > 0) {
            lastCall = now;
        }
        if (now - lastCall > IDLE.toNanos()) {
            // By way of HTTP/2, which says goodbye.
            channel.close();
        } else if (asked && now - askedAt > ANSWER.toNanos()) {
            close();
        } else if (!asked && now - lastByte > SILENT.toNanos()) {
            asked = true;
            askedAt = now;
            ChannelHandlerContext context = channel.pipeline().context(http);
            http.encoder().writePing(context, false, now, context.newPromise());
            context.flush();
        }
    }

    /** Ends the connection if its certificate is not accepted any more. */
    void check(ClientTrust trust) {
        certificate.ifPresent(shown -> {
            try {
                trust.check(shown);
            } catch (CertificateException refusal) {
                refuse(refusal.getMessage());
            }
        });
    }

    /** Ends the connection, and says why in the log. */
    void refuse(String reason) {
        tell(reason);
        close();
    }

    private void tell(String reason) {
        connections.refused(this, reason);
    }

    /** At once: from here no other handler has a say, and nothing waits for the peer. */
    private void close() {
        channel.pipeline().context(this).close();
    }
}
