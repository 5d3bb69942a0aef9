package dev.wherry.daemon.api.server;

import dev.wherry.daemon.linux.PeerCredentials;
import dev.wherry.daemon.linux.SystemCallException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * What comes before the client's bytes on a connection that the first daemon hands over to that of a namespace: who the peer
 * is. Both are of one version, so that the form may change: a length, a kind, and the parts of the {@link Peer}.
 */
final class PeerPreamble {

    private static final Logger LOG = Logger.getLogger(PeerPreamble.class);

    /** A user may be in 65,536 groups. */
    private static final int LONGEST = 1 << 20;

    private static final int LOCAL_USER = 1;
    private static final int CERTIFICATE = 2;
    private static final int LOOPBACK = 3;

    private PeerPreamble() {}

    static ByteBuf of(Peer peer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (peer) {
                case Peer.LocalUser local -> {
                    out.writeByte(LOCAL_USER);
                    out.writeInt(local.uid());
                    out.writeInt(local.gid());
                    out.writeInt(local.pid());
                    out.writeInt(local.groups().size());
                    for (int group : local.groups()) {
                        out.writeInt(group);
                    }
                }
                case Peer.Certificate certificate -> {
                    out.writeByte(CERTIFICATE);
                    write(out, certificate.subject());
                    write(out, certificate.commonName());
                    write(out, certificate.organisations());
                    write(out, certificate.units());
                    write(out, certificate.serial().toByteArray());
                    write(out, certificate.from().getAddress());
                }
                case Peer.Loopback loopback -> {
                    out.writeByte(LOOPBACK);
                    write(out, loopback.from().getAddress().getAddress());
                    out.writeInt(loopback.from().getPort());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        ByteBuf length = Unpooled.buffer(Integer.BYTES).writeInt(bytes.size());
        return Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(bytes.toByteArray()));
    }

    /** @param preamble without its length */
    static Peer parse(ByteBuf preamble) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteBufInputStream(preamble))) {
            return switch (in.readByte()) {
                case LOCAL_USER -> {
                    int uid = in.readInt();
                    int gid = in.readInt();
                    int pid = in.readInt();
                    int count = in.readInt();
                    List<Integer> groups = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        groups.add(in.readInt());
                    }
                    yield new Peer.LocalUser(uid, gid, pid, groups);
                }
                case CERTIFICATE ->
                    new Peer.Certificate(
                            text(in),
                            text(in),
                            texts(in),
                            texts(in),
                            new BigInteger(bytes(in)),
                            InetAddress.getByAddress(bytes(in)));
                case LOOPBACK ->
                    new Peer.Loopback(new InetSocketAddress(InetAddress.getByAddress(bytes(in)), in.readInt()));
                default -> throw new IOException("no kind of peer");
            };
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(out, text);
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a length of " + length);
        }
        return in.readNBytes(length);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    /** For the server's channel of the relay: every connection begins with a preamble, and comes from root. */
    static final class Acceptor extends ChannelInboundHandlerAdapter {

        private final BiConsumer<ChannelHandlerContext, Peer> taken;

        /** @param taken is told of the peer of each connection, and before which handler its bytes come */
        Acceptor(BiConsumer<ChannelHandlerContext, Peer> taken) {
            this.taken = taken;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            NioDomainSocketChannel channel = (NioDomainSocketChannel) connection;
            if (isOfRoot(channel)) {
                channel.pipeline().addFirst(new Reader(taken));
                context.fireChannelRead(connection);
            } else {
                channel.unsafe().closeForcibly();
            }
        }

        /** The folder of the socket is closed to others already. */
        private static boolean isOfRoot(NioDomainSocketChannel channel) {
            try {
                return ((AbstractNioChannel.NioUnsafe) channel.unsafe()).ch() instanceof SocketChannel socket
                        && PeerCredentials.of(socket).uid() == 0;
            } catch (SystemCallException failure) {
                LOG.warnf("a connection to the relay is not taken: %s", failure.getMessage());
                return false;
            }
        }
    }

    private static final class Reader extends ByteToMessageDecoder {

        private final BiConsumer<ChannelHandlerContext, Peer> taken;

        Reader(BiConsumer<ChannelHandlerContext, Peer> taken) {
            this.taken = taken;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws IOException {
            if (in.readableBytes() < Integer.BYTES) {
                return;
            }
            int length = in.getInt(in.readerIndex());
            if (length < 0 || length > LONGEST) {
                throw new IOException("a preamble of " + length + " bytes");
            }
            if (in.readableBytes() < Integer.BYTES + length) {
                return;
            }
            in.skipBytes(Integer.BYTES);
            Peer peer = parse(in.readSlice(length));
            context.channel().attr(ClientConnections.PEER).set(peer);
            taken.accept(context, peer);
            // What follows is the client's, and goes on to those behind.
            context.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            LOG.debugf("a connection to the relay is closed: %s", failure.getMessage());
            context.close();
        }
    }
}
