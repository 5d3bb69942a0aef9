package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerPreambleTest {

    static List<Peer> peers() throws IOException {
        InetAddress far = InetAddress.getByName("2001:db8::1");
        return List.of(
                new Peer.LocalUser(-2, 1000, 7, List.of()),
                new Peer.LocalUser(
                        1000, 1000, 7, IntStream.range(0, 65_536).boxed().toList()),
                new Peer.Certificate(
                        "CN=ü,O=wherry:reader@red",
                        "ü",
                        List.of("wherry:reader@red", ""),
                        List.of("x"),
                        BigInteger.TWO.pow(159),
                        far),
                new Peer.Certificate("", "", List.of(), List.of(), BigInteger.ONE, far),
                new Peer.Loopback(new InetSocketAddress(InetAddress.getLoopbackAddress(), 65_535)));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void everyPeerArrivesAsItWas(Peer peer) throws IOException {
        ByteBuf preamble = PeerPreamble.of(peer);
        assertThat(preamble.readInt()).isEqualTo(preamble.readableBytes());
        assertThat(PeerPreamble.parse(preamble)).isEqualTo(peer);
    }

    @ParameterizedTest
    @MethodSource("peers")
    void brokenPreambleIsAnError(Peer peer) {
        ByteBuf preamble = PeerPreamble.of(peer);
        ByteBuf broken = preamble.slice(Integer.BYTES, preamble.readableBytes() - Integer.BYTES - 1);
        assertThatThrownBy(() -> PeerPreamble.parse(broken)).isInstanceOf(IOException.class);
    }

    @Test
    void strangeKindIsAnError() {
        assertThatThrownBy(() -> PeerPreamble.parse(Unpooled.wrappedBuffer(new byte[] {9})))
                .isInstanceOf(IOException.class);
    }
}
