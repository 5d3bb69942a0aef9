package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many connections there may be and how long, without a network and with a clock that stands. */
class TcpConnectionsTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final AtomicLong clock = new AtomicLong();
    private final List<String> log = new ArrayList<>();
    private final TcpConnections connections =
            new TcpConnections(new TcpConnections.Limits(2, 3, 5), new RefusalLog(log::add, clock::get), clock::get);
    private final EmbeddedChannel server = new EmbeddedChannel(connections.acceptor());

    /** A connection whose handshake is not over. */
    private EmbeddedChannel beginning() {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("127.0.0.1", 4711);
            }
        };
        server.writeInbound(channel);
        return channel;
    }

    /** One without TLS, which needs no handshake. */
    private EmbeddedChannel established() {
        EmbeddedChannel channel = beginning();
        channel.pipeline().fireChannelActive();
        return channel;
    }

    private EmbeddedChannel http2() {
        EmbeddedChannel channel = beginning();
        channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
        channel.pipeline().fireChannelActive();
        channel.writeInbound(
                Unpooled.copiedBuffer(PREFACE.getBytes(java.nio.charset.StandardCharsets.US_ASCII)), settings());
        channel.releaseOutbound();
        return channel;
    }

    private static ByteBuf settings() {
        return Unpooled.wrappedBuffer(new byte[] {0, 0, 0, Http2FrameTypes.SETTINGS, 0, 0, 0, 0, 0});
    }

    private void pass(Duration time, EmbeddedChannel... channels) {
        clock.addAndGet(time.toNanos());
        connections.sweep();
        for (EmbeddedChannel channel : channels) {
            channel.runPendingTasks();
        }
    }

    /** The types of the frames written since the last look. */
    private static List<Byte> frames(EmbeddedChannel channel) {
        List<Byte> types = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        while (all.isReadable()) {
            int length = all.readUnsignedMedium();
            types.add(all.readByte());
            all.skipBytes(5 + length);
        }
        return types;
    }

    @Test
    void oldestUnfinishedHandshakeMakesRoom() {
        EmbeddedChannel oldest = beginning();
        EmbeddedChannel second = beginning();
        EmbeddedChannel third = beginning();
        oldest.runPendingTasks();

        assertThat(oldest.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(third.isOpen()).isTrue();
        assertThat(connections.count()).isEqualTo(2);
        assertThat(log)
                .containsExactly("refused a connection from 127.0.0.1: it was the oldest of too many connections"
                        + " that did not finish their handshake");
    }

    @Test
    void peerHasAShare() {
        List<EmbeddedChannel> first = List.of(established(), established(), established());
        EmbeddedChannel fourth = established();

        assertThat(fourth.isOpen()).isFalse();
        assertThat(first).allMatch(EmbeddedChannel::isOpen);
        assertThat(log).containsExactly("refused a connection from 127.0.0.1: loopback has 3 connections already");

        first.getFirst().close();
        assertThat(established().isOpen()).isTrue();
    }

    @Test
    void whoeverDoesNotSpeakHttp2IsRefused() {
        EmbeddedChannel silent = established();
        pass(TcpConnection.BEGIN, silent);
        assertThat(silent.isOpen()).isTrue();

        pass(Duration.ofSeconds(1), silent);

        assertThat(silent.isOpen()).isFalse();
        assertThat(log).containsExactly("refused a connection from 127.0.0.1: it does not speak HTTP/2");
        assertThat(connections.count()).isZero();
    }

    @Test
    void silentPeerIsAskedForAByte() {
        EmbeddedChannel channel = http2();
        pass(TcpConnection.SILENT, channel);
        assertThat(frames(channel)).isEmpty();

        pass(Duration.ofSeconds(1), channel);
        assertThat(frames(channel)).containsExactly(Http2FrameTypes.PING);
        channel.writeInbound(settings());
        channel.releaseOutbound();
        pass(TcpConnection.ANSWER.plusSeconds(1), channel);
        assertThat(channel.isOpen()).as("it answered").isTrue();

        pass(TcpConnection.SILENT, channel);
        assertThat(frames(channel)).containsExactly(Http2FrameTypes.PING);
        pass(TcpConnection.ANSWER.plusSeconds(1), channel);
        assertThat(channel.isOpen()).as("it did not answer").isFalse();
    }

    @Test
    void connectionWithoutCallsEndsWithAGoodbye() {
        EmbeddedChannel idle = http2();
        EmbeddedChannel busy = http2();
        // A request without its end: ":method: GET" and so on of HPACK's static table.
        busy.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("000003010400000001828684")));
        for (Duration passed = Duration.ZERO;
                passed.compareTo(TcpConnection.IDLE) <= 0;
                passed = passed.plus(TcpConnection.SILENT)) {
            idle.writeInbound(settings());
            busy.writeInbound(settings());
            pass(TcpConnection.SILENT, idle, busy);
        }

        assertThat(frames(idle)).endsWith(Http2FrameTypes.GO_AWAY);
        assertThat(idle.isOpen()).isFalse();
        assertThat(busy.isOpen()).isTrue();
    }
}
