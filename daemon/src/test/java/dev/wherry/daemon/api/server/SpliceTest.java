package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.linux.OtherEnd;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection that is handed over: the client on one side, a server of the test's own on the other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpliceTest {

    private static final Peer PEER = new Peer.LocalUser(1000, 1000, 1, List.of(7));

    /** What the buffers of two sockets, of the splice, and one round of reading hold at most. */
    private static final long MOST_ON_THE_WAY = 4 << 20;

    @TempDir
    Path folder;

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> here = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Channel> accepted = new ConcurrentLinkedQueue<>();
    private CompletableFuture<Path> relay = new CompletableFuture<>();
    private ServerSocketChannel other;

    @BeforeEach
    void listen() throws Exception {
        other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        other.bind(UnixDomainSocketAddress.of(folder.resolve("other")));
        serve(NioServerDomainSocketChannel::new, UnixDomainSocketAddress.of(folder.resolve("first")));
    }

    private Channel serve(ChannelFactory<ServerChannel> server, SocketAddress address) throws InterruptedException {
        return new ServerBootstrap()
                .group(loop)
                .channelFactory(server)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new Splice(PEER, () -> relay), new Here());
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    /** What stands behind the splice. */
    private final class Here extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            here.add("active");
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            here.add(((ByteBuf) bytes).toString(StandardCharsets.UTF_8) + " "
                    + context.channel().attr(ClientConnections.REFUSAL).get());
            ((ByteBuf) bytes).release();
            context.close();
        }
    }

    @AfterEach
    void close() throws IOException {
        other.close();
        threads.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private SocketChannel client() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("first")));
    }

    /** The other daemon's end, after the preamble. */
    private SocketChannel taken() throws IOException {
        SocketChannel end = other.accept();
        DataInputStream preamble = new DataInputStream(Channels.newInputStream(end));
        byte[] bytes = preamble.readNBytes(preamble.readInt());
        assertThat(PeerPreamble.parse(Unpooled.wrappedBuffer(bytes))).isEqualTo(PEER);
        return end;
    }

    private static void send(SocketChannel to, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static String rest(SocketChannel from) throws IOException {
        return new String(Channels.newInputStream(from).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void bytesThatCameEarlyArriveFirst() throws Exception {
        try (SocketChannel client = client()) {
            send(client, "early");
            relay.complete(folder.resolve("other"));
            SocketChannel daemon = taken();
            send(client, " and late");

            assertThat(Channels.newInputStream(daemon).readNBytes(14))
                    .asString()
                    .isEqualTo("early and late");
            send(daemon, "answer");
            daemon.close();
            assertThat(rest(client)).isEqualTo("answer");
        }
        assertThat(here).isEmpty();
    }

    @Test
    void endOfOneDirectionOfTcpLeavesTheOtherOpen() throws Exception {
        relay.complete(folder.resolve("other"));
        Channel server = serve(NioServerSocketChannel::new, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (SocketChannel client = SocketChannel.open(server.localAddress())) {
            SocketChannel daemon = taken();
            send(client, "question");
            client.shutdownOutput();

            assertThat(rest(daemon)).isEqualTo("question");
            send(daemon, "answer");
            daemon.close();
            assertThat(rest(client)).isEqualTo("answer");
        }
    }

    @Test
    void endOfTlsEndsOneDirectionAndTheClientIsMissedWhenItGoes() throws Exception {
        relay.complete(folder.resolve("other"));
        Channel server = serve(NioServerSocketChannel::new, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open(server.localAddress());
        SocketChannel daemon = taken();
        send(client, "question");
        assertThat(Channels.newInputStream(daemon).readNBytes(8)).asString().isEqualTo("question");
        accepted.remove().pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        assertThat(rest(daemon)).isEmpty();
        send(daemon, "answer");
        assertThat(Channels.newInputStream(client).readNBytes(6)).asString().isEqualTo("answer");

        client.shutdownOutput();
        // A reset is what the kernel is told of a client that does not exist any more.
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
        while (!OtherEnd.isGone(daemon)) {
            Thread.sleep(100);
        }
    }

    @Test
    void endOfTheClientEndsTheConnection() throws Exception {
        relay.complete(folder.resolve("other"));
        SocketChannel client = client();
        SocketChannel daemon = taken();
        send(client, "last words");
        client.close();
        assertThat(rest(daemon)).isEqualTo("last words");
    }

    @Test
    void fasterSideWaitsForTheSlowerOneInBothDirections() throws Exception {
        relay.complete(folder.resolve("other"));
        try (SocketChannel client = client();
                SocketChannel daemon = taken()) {
            sendUntilItStands(client, daemon);
            sendUntilItStands(daemon, client);
        }
    }

    private void sendUntilItStands(SocketChannel from, SocketChannel to) throws Exception {
        long all = 64 << 20;
        AtomicLong sent = new AtomicLong();
        Future<?> sending = threads.submit(() -> {
            ByteBuffer block = ByteBuffer.allocate(1 << 16);
            while (sent.get() < all) {
                block.clear();
                sent.addAndGet(from.write(block));
            }
            return null;
        });
        long before = -1;
        while (sent.get() != before) {
            before = sent.get();
            Thread.sleep(300);
        }
        assertThat(before).isLessThan(MOST_ON_THE_WAY);
        ByteBuffer block = ByteBuffer.allocate(1 << 16);
        for (long read = 0; read < all; ) {
            block.clear();
            read += to.read(block);
        }
        sending.get();
    }

    @Test
    void clientThatCannotBeHandedOverIsServedHereAndRefused() throws Exception {
        try (SocketChannel client = client()) {
            send(client, "call");
            relay.completeExceptionally(new UnavailableException("it cannot start"));
            assertThat(rest(client)).isEmpty();
        }
        assertThat(here).containsExactly("active", "call it cannot start");
    }

    @Test
    void daemonThatHasJustEndedIsAskedForAgain() throws Exception {
        relay.complete(folder.resolve("gone"));
        try (SocketChannel client = client()) {
            send(client, "call");
            Thread.sleep(250);
            relay = CompletableFuture.completedFuture(folder.resolve("other"));
            SocketChannel daemon = taken();
            client.shutdownOutput();
            assertThat(rest(daemon)).isEqualTo("call");
            daemon.close();
        }
    }
}
