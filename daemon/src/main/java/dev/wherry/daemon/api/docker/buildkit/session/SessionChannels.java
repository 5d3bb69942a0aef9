package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.api.docker.http.BytePassage;
import dev.wherry.daemon.metadata.Layout;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Channels to servers that clients run at the other ends of their connections to us. The connection is there already and
 * is the only one; gRPC wants to make its own, so it gets one to a private socket, whose bytes are passed on.
 */
@Singleton
final class SessionChannels {

    private static final int WINDOW = 1 << 20;

    private final Path folder;
    private final AtomicLong number = new AtomicLong();
    private final NioEventLoopGroup events = new NioEventLoopGroup(1);

    SessionChannels(Layout layout) {
        this.folder = layout.sessions();
    }

    /** A channel over the bytes from and to a client. */
    Open open(InputStream input, OutputStream output) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path socket = folder.resolve(Long.toString(number.incrementAndGet()));
        Files.deleteIfExists(socket);
        try (ServerSocketChannel entrance = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            entrance.bind(UnixDomainSocketAddress.of(socket));
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            UnixDomainSocketAddress.of(socket), InsecureChannelCredentials.create())
                    .channelFactory(NioDomainSocketChannel::new)
                    .eventLoopGroup(events)
                    .directExecutor()
                    .disableRetry()
                    .overrideAuthority("localhost")
                    .flowControlWindow(WINDOW)
                    .maxInboundMessageSize(ClientSession.LARGEST_MESSAGE)
                    .idleTimeout(Integer.MAX_VALUE, TimeUnit.DAYS)
                    .build();
            channel.getState(true);
            try {
                return new Open(channel, new BytePassage(input, output, entrance.accept()));
            } catch (IOException failure) {
                channel.shutdownNow();
                throw failure;
            }
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    /** A channel that ends with the bytes of its client. */
    static final class Open implements AutoCloseable {

        private final ManagedChannel channel;
        private final BytePassage passage;

        private Open(ManagedChannel channel, BytePassage passage) {
            this.channel = channel;
            this.passage = passage;
        }

        ManagedChannel channel() {
            return channel;
        }

        void awaitEnd() throws InterruptedException {
            passage.awaitEnd();
        }

        @Override
        public void close() {
            channel.shutdownNow();
            passage.close();
        }
    }
}
