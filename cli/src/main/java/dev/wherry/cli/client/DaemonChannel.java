package dev.wherry.cli.client;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildServiceGrpc;
import dev.wherry.v1.ContainerServiceGrpc;
import dev.wherry.v1.ImageFileServiceGrpc;
import dev.wherry.v1.ImageServiceGrpc;
import dev.wherry.v1.ManifestListServiceGrpc;
import dev.wherry.v1.NetworkServiceGrpc;
import dev.wherry.v1.PodServiceGrpc;
import dev.wherry.v1.RegistryServiceGrpc;
import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VersionRequest;
import dev.wherry.v1.VolumeServiceGrpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * The channel to the daemon. It is created without network access; the first call connects. Failed calls
 * are put into words by {@link CallFailures}. Closing ends every call that still runs.
 */
public final class DaemonChannel implements AutoCloseable {
    /**
     * Bytes of a stream that go to the daemon in one message. With what is around them they fit into one frame of the size
     * that the daemon takes, so that it need not put messages together; and they are far below the 128 KiB from which a
     * native executable maps memory for each array by itself.
     */
    public static final int CHUNK = 60 << 10;

    private static final int ARRIVAL_SECONDS = 1;

    /** Held, since the logging of the JDK forgets the level of a logger nobody refers to. */
    private static final List<Logger> SILENCED = List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

    private static final Metadata.Key<String> VERSION =
            Metadata.Key.of("wherry-version", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final HostAddress address;
    private final NioEventLoopGroup events;
    /** {@code null} unless the daemon is reached by {@code ssh}. */
    private final SshTunnel tunnel;

    private final Map<String, String> environment;
    private volatile ManagedChannel channel;

    /**
     * @param environment the variables of the client, among which {@code TRACEPARENT} may name the trace that the calls
     *     belong to, as W3C Trace Context writes it; {@code ssh} gets them all
     */
    public DaemonChannel(HostAddress address, Map<String, String> environment) {
        this.address = address;
        this.environment = environment;
        SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
        // Netty names its channels after these, and would look through all network interfaces for the first.
        System.setProperty("io.netty.machineId", "00:00:00:00:00:01");
        System.setProperty("io.netty.processId", "1");
        events = new NioEventLoopGroup(1);
        tunnel = address instanceof HostAddress.Ssh ssh ? new SshTunnel(ssh, environment, events) : null;
        channel = open();
    }

    private ManagedChannel open() {
        return builder()
                .eventLoopGroup(events)
                .directExecutor()
                .disableRetry()
                // A list of thousands of containers is one message.
                .maxInboundMessageSize(64 << 20)
                .intercept(
                        MetadataUtils.newAttachHeadersInterceptor(headers(environment.getOrDefault("TRACEPARENT", ""))))
                .build();
    }

    /**
     * Gives up the connection, which may only seem to be there, and what still uses it. The next call makes another one, at
     * once.
     *
     * @throws Failure as of the constructor
     */
    public void reconnect() {
        ManagedChannel another = open();
        ManagedChannel before = channel;
        channel = another;
        before.shutdownNow();
    }

    /** Waits until all has arrived that was sent, or for a moment if it does not. */
    public void awaitArrival() {
        try {
            // The daemon takes from a connection in order.
            system().withDeadlineAfter(ARRIVAL_SECONDS, TimeUnit.SECONDS).version(VersionRequest.getDefaultInstance());
        } catch (StatusRuntimeException lost) {
            // There is no more to do.
        }
    }

    private NettyChannelBuilder builder() {
        return switch (address) {
            case HostAddress.Unix(Path socket) ->
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket), InsecureChannelCredentials.create())
                        .channelFactory(NioDomainSocketChannel::new)
                        .overrideAuthority("localhost");
            case HostAddress.Tcp tcp -> TcpConnection.builder(tcp);
            case HostAddress.Ssh _ -> tunnel.builder();
        };
    }

    /**
     * Tells the daemon which version calls, so that it can say when the two are too far apart, and the trace that the
     * calls belong to.
     */
    private static Metadata headers(String traceParent) {
        Metadata headers = new Metadata();
        headers.put(VERSION, ClientVersion.NUMBER);
        if (!traceParent.isEmpty() && TRACE.matcher(traceParent).matches()) {
            headers.put(TRACE_PARENT, traceParent);
        }
        return headers;
    }

    public HostAddress address() {
        return address;
    }

    public SystemServiceGrpc.SystemServiceBlockingStub system() {
        return SystemServiceGrpc.newBlockingStub(channel);
    }

    /** The calls of the system service that stream. */
    public SystemServiceGrpc.SystemServiceBlockingV2Stub systemStreams() {
        return SystemServiceGrpc.newBlockingV2Stub(channel);
    }

    public ImageServiceGrpc.ImageServiceBlockingStub images() {
        return ImageServiceGrpc.newBlockingStub(channel);
    }

    public RegistryServiceGrpc.RegistryServiceBlockingStub registries() {
        return RegistryServiceGrpc.newBlockingStub(channel);
    }

    public ManifestListServiceGrpc.ManifestListServiceBlockingStub manifestLists() {
        return ManifestListServiceGrpc.newBlockingStub(channel);
    }

    /** The calls of the manifest list service that stream. */
    public ManifestListServiceGrpc.ManifestListServiceBlockingV2Stub manifestListStreams() {
        return ManifestListServiceGrpc.newBlockingV2Stub(channel);
    }

    public ContainerServiceGrpc.ContainerServiceBlockingStub containers() {
        return ContainerServiceGrpc.newBlockingStub(channel);
    }

    public VolumeServiceGrpc.VolumeServiceBlockingStub volumes() {
        return VolumeServiceGrpc.newBlockingStub(channel);
    }

    public NetworkServiceGrpc.NetworkServiceBlockingStub networks() {
        return NetworkServiceGrpc.newBlockingStub(channel);
    }

    public PodServiceGrpc.PodServiceBlockingStub pods() {
        return PodServiceGrpc.newBlockingStub(channel);
    }

    public BuildServiceGrpc.BuildServiceBlockingStub builds() {
        return BuildServiceGrpc.newBlockingStub(channel);
    }

    /** The calls of the image service that stream in either direction. */
    public ImageServiceGrpc.ImageServiceBlockingV2Stub imageStreams() {
        return ImageServiceGrpc.newBlockingV2Stub(channel);
    }

    /** The calls that look into images; all of them stream. */
    public ImageFileServiceGrpc.ImageFileServiceBlockingV2Stub imageFileStreams() {
        return ImageFileServiceGrpc.newBlockingV2Stub(channel);
    }

    /** The calls of the container service that stream in either direction. */
    public ContainerServiceGrpc.ContainerServiceBlockingV2Stub containerStreams() {
        return ContainerServiceGrpc.newBlockingV2Stub(channel);
    }

    /** The calls of the volume service that stream in either direction. */
    public VolumeServiceGrpc.VolumeServiceBlockingV2Stub volumeStreams() {
        return VolumeServiceGrpc.newBlockingV2Stub(channel);
    }

    /** The calls of the build service that stream in either direction. */
    public BuildServiceGrpc.BuildServiceBlockingV2Stub buildStreams() {
        return BuildServiceGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (tunnel != null) {
            tunnel.close();
        }
        events.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }
}
