package dev.wherry.daemon.api.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxServiceProvider;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * Lets Vert.x listen on unix sockets by the JDK alone. Vert.x would use a native library for them, which a native
 * executable cannot load; what it does for TCP stays as it is. Vert.x finds this class as a service provider.
 */
public final class UnixSocketTransport extends JDKTransport implements VertxServiceProvider {

    /** Named as the host of a server that hands connections over by itself, or of one that nobody else may reach. */
    public static final String STAYING = "no namespaces";

    /** Named as the host of a server of Docker's API to which connections are handed over, with a word on the peer. */
    public static final String DOCKER_RELAY = "relay of docker";

    private final TcpConnections tcpConnections = new TcpConnections();

    @Override
    public void init(VertxBuilder vertx) {
        vertx.findTransport(this);
    }

    @Override
    public boolean supportsDomainSockets() {
        return true;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean unix) {
        if (!unix) {
            return super.serverChannelFactory(false);
        }
        Optional<ServerSocketChannel> inherited = InheritedSocket.take();
        return inherited.isPresent() ? () -> new InheritedSocket(inherited.get()) : NioServerDomainSocketChannel::new;
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean unix) {
        return unix ? NioDomainSocketChannel::new : super.channelFactory(false);
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return address.isDomainSocket() ? UnixDomainSocketAddress.of(address.path()) : super.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix ->
                SocketAddress.domainSocketAddress(unix.getPath().toString());
            default -> super.convert(address);
        };
    }

    /** The connections of those servers that clients reach by TCP, and where connections are handed over to. */
    TcpConnections tcpConnections() {
        return tcpConnections;
    }

    /** Prepares a server for its connections. The options are TCP's, all of them. */
    @Override
    public void configure(NetServerOptions options, boolean unix, ServerBootstrap bootstrap) {
        if (unix) {
            bootstrap.handler(acceptors(new StreamWriteFailures.Acceptor(), acceptor(options)));
            return;
        }
        super.configure(options, false, bootstrap);
        if (TcpListeners.isForClients(options)) {
            bootstrap.handler(acceptors(new StreamWriteFailures.Acceptor(), tcpConnections.acceptor()));
        } else if (TcpListeners.isForDocker(options)) {
            bootstrap.handler(acceptors(tcpConnections.dockerAcceptor()));
        }
    }

    private ChannelHandler acceptor(NetServerOptions options) {
        if (TcpListeners.isRelay(options)) {
            return new PeerPreamble.Acceptor(tcpConnections::handedOver);
        }
        if (DOCKER_RELAY.equals(options.getHost())) {
            // They are counted where they come from.
            return new PeerPreamble.Acceptor((_, _) -> {});
        }
        if (TcpListeners.isCri(options)) {
            return new ClientConnections.Acceptor(tcpConnections, ClientConnections.Elsewhere.REFUSED, true);
        }
        return new ClientConnections.Acceptor(
                tcpConnections,
                STAYING.equals(options.getHost())
                        ? ClientConnections.Elsewhere.KEPT
                        : ClientConnections.Elsewhere.HANDED_OVER,
                false);
    }

    private static ChannelInitializer<ServerChannel> acceptors(ChannelHandler... acceptors) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(ServerChannel server) {
                server.pipeline().addLast(acceptors);
            }
        };
    }
}
