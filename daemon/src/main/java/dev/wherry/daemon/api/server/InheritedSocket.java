package dev.wherry.daemon.api.server;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.linux.SocketDescriptors;
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
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * The server's end of a unix socket on which somebody else, the service manager, listens already, and which this process
 * has as its standard input, or as a further descriptor (sd_listen_fds(3)). To bind is to do nothing, and the file of the
 * socket stays when the channel closes. The JDK's channel stays open too, since closing it would turn standard error into
 * {@code /dev/null}, and with it the last words of the log.
 */
public final class InheritedSocket extends AbstractNioMessageChannel implements ServerChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** SD_LISTEN_FDS_START */
    private static final int FIRST_DESCRIPTOR = 3;

    private static final Queue<ServerSocketChannel> OFFERED = new ConcurrentLinkedQueue<>();

    /** Not looked for yet while it is {@code null}; classes are initialised when an executable is compiled. */
    private static Optional<ServerSocketChannel> further;

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private volatile boolean bound;
    private volatile boolean closed;

    InheritedSocket(ServerSocketChannel channel) {
        super(null, channel, SelectionKey.OP_ACCEPT);
    }

    /** Where the socket is that is standard input; empty when that is none. */
    public static Optional<Path> path() {
        return channel().map(channel -> address(channel).getPath());
    }

    /** Whether the service manager hands over sockets. */
    public static boolean isMeant() {
        return Long.toString(ProcessHandle.current().pid()).equals(System.getenv("LISTEN_PID"));
    }

    /** Where the socket is that comes with the one that is standard input; empty when there is none. */
    public static Optional<Path> further() {
        return channel().isPresent()
                ? furtherChannel().map(channel -> address(channel).getPath())
                : Optional.empty();
    }

    /** Closes every connection to the further socket at once: a client would wait for ever. */
    public static void refuseFurther() {
        furtherChannel()
                .ifPresent(channel -> Background.start("socket that is not served", () -> {
                    while (true) {
                        channel.accept().close();
                    }
                }));
    }

    /** The next server that listens on a unix socket takes the inherited one with this path, if there is one. */
    public static void offer(Path path) {
        Stream.of(channel(), furtherChannel())
                .flatMap(Optional::stream)
                .filter(channel -> address(channel).getPath().equals(path))
                .forEach(OFFERED::add);
    }

    /** What was offered and not taken yet. */
    static Optional<ServerSocketChannel> take() {
        return Optional.ofNullable(OFFERED.poll());
    }

    /** The same at every call. */
    private static Optional<ServerSocketChannel> channel() {
        try {
            return listening(System.inheritedChannel());
        } catch (IOException noStandardInput) {
            return Optional.empty();
        }
    }

    private static Optional<ServerSocketChannel> listening(Channel inherited) throws IOException {
        return inherited instanceof ServerSocketChannel channel
                        && channel.getLocalAddress() instanceof UnixDomainSocketAddress address
                        && !address.getPath().toString().isEmpty()
                ? Optional.of(channel)
                : Optional.empty();
    }

    private static synchronized Optional<ServerSocketChannel> furtherChannel() {
        if (further == null) {
            further = findFurther();
        }
        return further;
    }

    /** The first descriptor that is another socket than standard input; all are adopted or closed. */
    private static Optional<ServerSocketChannel> findFurther() {
        String count = System.getenv("LISTEN_FDS");
        if (!isMeant() || count == null || !count.matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        Optional<Path> first = path();
        Optional<ServerSocketChannel> found = Optional.empty();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            try {
                Optional<Channel> channel = SocketDescriptors.adopt(FIRST_DESCRIPTOR + i);
                Optional<ServerSocketChannel> listening =
                        channel.isPresent() ? listening(channel.get()) : Optional.empty();
                found = found.or(
                        () -> listening.filter(one -> !address(one).getPath().equals(first.orElse(null))));
            } catch (IOException noSocket) {
                // What else was handed over is not ours to use.
            }
        }
        return found;
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
