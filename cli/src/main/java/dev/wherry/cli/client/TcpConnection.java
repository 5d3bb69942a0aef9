package dev.wherry.cli.client;

import dev.wherry.cli.client.HostAddress.Tcp;
import dev.wherry.cli.error.Failure;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** Connects to a daemon by TCP, with TLS unless the address is a plain one. */
final class TcpConnection {
    private static final int CONNECT_MILLIS = 10_000;

    /** A peer that vanished is noticed after the sum of the two, while a call runs. */
    private static final int KEEP_ALIVE_SECONDS = 10;

    private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 10;

    private TcpConnection() {}

    /** @throws Failure if the name of the host is unknown, or a file of TLS cannot be used */
    static NettyChannelBuilder builder(Tcp address) {
        ChannelCredentials credentials = address.tls()
                .map(files -> NettySslContextChannelCredentials.create(ClientTls.context(files)))
                .orElseGet(InsecureChannelCredentials::create);
        return asking(NettyChannelBuilder.forAddress(resolved(address), credentials)
                .channelFactory(NioSocketChannel::new)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS));
    }

    /** Asks a silent peer whether it is there. */
    static NettyChannelBuilder asking(NettyChannelBuilder builder) {
        return builder.keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The name stays with the address, since the server's certificate is for the name. */
    private static InetSocketAddress resolved(Tcp address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw Failure.of(
                    "cannot connect to wherryd at " + address + ": "
                            + TcpFailures.reason(e, address).orElseThrow(),
                    e);
        }
    }
}
