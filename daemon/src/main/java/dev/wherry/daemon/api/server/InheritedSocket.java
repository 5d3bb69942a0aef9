package dev.wherry.daemon.api.server;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server's end of a unix socket on which somebody else, the service manager, listens already, and which this process
 * has as its standard input. To bind is to do nothing, and the file of the socket stays when the channel closes. The
 * JDK's channel stays open too, since closing it would turn standard error into {@code /dev/null}, and with it the last
 * words of the log.
 */
public final class InheritedSocket extends AbstractNioMessageChannel implements ServerChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private volatile boolean bound;
    private volatile boolean closed;

    InheritedSocket(ServerSocketChannel channel) {
        super(null, channel, SelectionKey.OP_ACCEPT);
    }

    /** Where the inherited socket is; empty when there is none. */
    public static Optional<Path> path() {
        return channel().map(channel -> address(channel).getPath());
    }

    /** The same at every call. */
    static Optional<ServerSocketChannel> channel() {
        try {
            return System.inheritedChannel() instanceof ServerSocketChannel channel
                            && channel.getLocalAddress() instanceof UnixDomainSocketAddress address
                            && !address.getPath().toString().isEmpty()
                    ? Optional.of(channel)
                    : Optional.empty();
        } catch (IOException noStandardInput) {
            return Optional.empty();
        }
    }

    private static UnixDomainSocketAddress address(ServerSocketChannel channel) {
        try {
            return (UnixDomainSocketAddress) channel.getLocalAddress();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Override
    protected ServerSocketChannel javaChannel() {
        return (ServerSocketChannel) super.javaChannel();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return bound && isOpen();
    }

    @Override
    public boolean isOpen() {
        return !closed && super.isOpen();
    }

    @Override
    protected void doBind(SocketAddress address) {
        bound = true;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel client = javaChannel().accept();
        if (client == null) {
            return 0;
        }
        accepted.add(new NioDomainSocketChannel(this, client));
        return 1;
    }

    @Override
    protected void doClose() {
        closed = true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address(javaChannel());
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected boolean closeOnReadError(Throwable failure) {
        return false;
    }

    @Override
    protected boolean doWriteMessage(Object message, ChannelOutboundBuffer buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doDisconnect() {
        throw new UnsupportedOperationException();
    }
}
