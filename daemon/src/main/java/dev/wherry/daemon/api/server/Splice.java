package dev.wherry.daemon.api.server;

import dev.wherry.daemon.linux.OtherEnd;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Hands a client's connection over to the daemon of a namespace. This handler stands before those that would serve the
 * client here, and after TLS. It first holds back all that happens, until the other daemon takes a connection; then it
 * removes the handlers behind it and passes bytes on both ways, as many as the slower side takes. When the other daemon
 * cannot be had, those handlers get what was held back, and refuse the client's calls with the reason.
 */
final class Splice extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(Splice.class);

    /** What waits for the slower side at most, and when the faster one may go on. */
    private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(128 << 10, 512 << 10);

    private static final long SECONDS_TO_TAKE = 30;
    private static final int MOST_TRIES = 20;
    private static final long MILLIS_BETWEEN = 100;
    private static final long SECONDS_BETWEEN_LOOKS = 2;

    /** To which daemon the connections of a peer belong. */
    @FunctionalInterface
    interface Route {

        Route HERE = peer -> Optional.empty();

        /** Empty when this daemon serves the peer. */
        Optional<Daemon> of(Peer peer);
    }

    /** The daemon of a namespace. */
    @FunctionalInterface
    interface Daemon {

        /** The socket where it takes connections; asked again when that takes none. Fails with an error for the client. */
        CompletableFuture<Path> relay();
    }

    private final Peer peer;
    private final Daemon daemon;
    private final List<Runnable> held = new ArrayList<>();
    private final List<Object> heldBytes = new ArrayList<>();
    private ChannelHandlerContext near;
    private Channel far;
    private int tries;
    private boolean ended;

    Splice(Peer peer, Daemon daemon) {
        this.peer = peer;
        this.daemon = daemon;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        near = context;
        near.channel().config().setAutoRead(false);
        find();
    }

    private void find() {
        daemon.relay()
                .whenComplete((relay, failure) -> near.executor().execute(() -> {
                    if (failure == null) {
                        connect(relay);
                    } else {
                        giveBack((failure instanceof CompletionException ? failure.getCause() : failure).getMessage());
                    }
                }));
    }

    private void connect(Path relay) {
        if (!near.channel().isActive()) {
            near.close();
            return;
        }
        new Bootstrap()
                .group(near.channel().eventLoop())
                .channelFactory(NioDomainSocketChannel::new)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
                .handler(new Far())
                .connect(UnixDomainSocketAddress.of(relay))
                .addListener((ChannelFutureListener) connecting -> {
                    if (connecting.isSuccess()) {
                        begin(connecting.channel());
                    } else if (++tries < MOST_TRIES) {
                        // It has just ended, and whoever started it is about to learn that.
                        near.executor().schedule(this::find, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
                    } else {
                        giveBack("the daemon of the namespace does not answer: try again");
                    }
                });
    }

    private void begin(Channel other) {
        far = other;
        if (!near.channel().isActive()) {
            far.close();
            return;
        }
        near.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        near.channel().config().setWriteBufferWaterMark(WAITING);
        handlersBehind().forEach(near.pipeline()::remove);
        held.clear();
        far.write(PeerPreamble.of(peer));
        heldBytes.forEach(far::write);
        heldBytes.clear();
        far.flush();
        if (ended) {
            endFar();
        }
        socket().ifPresent(OtherEnd::askFor);
        far.config().setAutoRead(true);
        near.channel().config().setAutoRead(far.isWritable());
    }

    private List<ChannelHandler> handlersBehind() {
        List<ChannelHandler> behind = new ArrayList<>();
        boolean found = false;
        for (Map.Entry<String, ChannelHandler> each : near.pipeline().toMap().entrySet()) {
            if (found) {
                behind.add(each.getValue());
            }
            found |= each.getValue() == this;
        }
        return behind;
    }

    private void giveBack(String reason) {
        near.channel().attr(ClientConnections.REFUSAL).set(reason);
        List<Runnable> events = List.copyOf(held);
        held.clear();
        heldBytes.clear();
        events.forEach(Runnable::run);
        near.channel().config().setAutoRead(true);
        near.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        heldBytes.forEach(ReferenceCountUtil::release);
        heldBytes.clear();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        held.add(context::fireChannelActive);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (far == null) {
            heldBytes.add(bytes);
            held.add(() -> context.fireChannelRead(bytes));
        } else {
            far.write(bytes);
            pauseUnlessWritable();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (far == null) {
            held.add(context::fireChannelReadComplete);
        } else {
            far.flush();
            pauseUnlessWritable();
        }
    }

    private void pauseUnlessWritable() {
        if (!far.isWritable()) {
            near.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (far != null) {
            far.config().setAutoRead(context.channel().isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean first =
                !ended && (event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS);
        ended |= first;
        if (far == null) {
            held.add(() -> context.fireUserEventTriggered(event));
            return;
        }
        if (first
                && event instanceof ChannelInputShutdownEvent
                && near.pipeline().get(SslHandler.class) != null) {
            // TLS says an end before TCP does: this is a client that was killed.
            near.close();
            return;
        }
        if (first) {
            endFar();
        }
        if (event instanceof ChannelInputShutdownEvent) {
            // Nothing is read any more that would tell of the client's end.
            socket().ifPresent(this::lookForClient);
        }
    }

    /**
     * The client sends no more, but may still read. Only of TCP, where TLS has an end of its own: with Netty, the end of one
     * direction of a unix socket is the end of both. What is on its way goes first.
     */
    private void endFar() {
        far.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> ((DuplexChannel) far).shutdownOutput());
    }

    private void lookForClient(SocketChannel socket) {
        Future<?> looks = near.executor()
                .scheduleAtFixedRate(
                        () -> {
                            if (OtherEnd.isGone(socket)) {
                                near.close();
                            }
                        },
                        SECONDS_BETWEEN_LOOKS,
                        SECONDS_BETWEEN_LOOKS,
                        TimeUnit.SECONDS);
        near.channel().closeFuture().addListener(_ -> looks.cancel(false));
    }

    /** Of a client by TCP. */
    private Optional<SocketChannel> socket() {
        return near.channel() instanceof NioSocketChannel tcp
                        && ((AbstractNioChannel.NioUnsafe) tcp.unsafe()).ch() instanceof SocketChannel socket
                ? Optional.of(socket)
                : Optional.empty();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (far == null) {
            held.add(context::fireChannelInactive);
        } else {
            end(far, far);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        LOG.debugf("a connection of a namespace failed: %s", failure.getMessage());
        context.close();
    }

    /** One side has ended: the other gets what is on its way, unless it does not take it. */
    private static void end(Channel side, ChannelOutboundInvoker way) {
        way.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> way.close());
        Future<?> late =
                side.eventLoop().schedule(() -> side.unsafe().closeForcibly(), SECONDS_TO_TAKE, TimeUnit.SECONDS);
        side.closeFuture().addListener(_ -> late.cancel(false));
    }

    /** The end towards the other daemon. */
    private final class Far extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            near.write(bytes);
            if (!near.channel().isWritable()) {
                context.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            near.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            near.channel().config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(near.channel(), near);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            LOG.debugf("a connection to the daemon of a namespace failed: %s", failure.getMessage());
            context.close();
        }
    }
}
