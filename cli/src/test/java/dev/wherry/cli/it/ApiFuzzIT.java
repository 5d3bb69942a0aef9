package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.wherry.v1.BuildServiceGrpc;
import dev.wherry.v1.ContainerServiceGrpc;
import dev.wherry.v1.ImageFileServiceGrpc;
import dev.wherry.v1.ImageServiceGrpc;
import dev.wherry.v1.ManifestListServiceGrpc;
import dev.wherry.v1.NetworkServiceGrpc;
import dev.wherry.v1.PodServiceGrpc;
import dev.wherry.v1.RegistryServiceGrpc;
import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VolumeServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every method of the API with every kind of message, and HTTP/2 that is none, for a minute: {@code -Dwherry.fuzz=600}
 * makes it ten, {@code -Dwherry.fuzz.seed=7} makes it others. No call may end as an error of the daemon's own, and afterwards it is as before.
 */
class ApiFuzzIT {

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("wherry.fuzz", 60));
    private static final long SEED = Long.getLong("wherry.fuzz.seed", 20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLERS = 3;
    private static final int MOST_SHOWN = 2_000;

    /** What no call may end as. */
    private static final Set<Status.Code> FAULTS = Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN);

    /** What the library of gRPC says of bytes that are no message: nobody has seen a request then. */
    private static final String UNREADABLE = "Half-closed without a request";

    private static final List<MethodDescriptor> METHODS = Stream.of(
                    BuildServiceGrpc.getServiceDescriptor(),
                    ContainerServiceGrpc.getServiceDescriptor(),
                    ImageServiceGrpc.getServiceDescriptor(),
                    ImageFileServiceGrpc.getServiceDescriptor(),
                    ManifestListServiceGrpc.getServiceDescriptor(),
                    NetworkServiceGrpc.getServiceDescriptor(),
                    PodServiceGrpc.getServiceDescriptor(),
                    RegistryServiceGrpc.getServiceDescriptor(),
                    SystemServiceGrpc.getServiceDescriptor(),
                    VolumeServiceGrpc.getServiceDescriptor())
            .map(service -> ((ProtoServiceDescriptorSupplier) service.getSchemaDescriptor()).getServiceDescriptor())
            .map(ServiceDescriptor::getMethods)
            .flatMap(List::stream)
            .toList();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    @Test
    void everyMethodTakesEveryMessage() throws Exception {
        Busybox.importInto(daemon);
        daemon.wherry("run", "-d", "--name", "one", "--network", "none", "busybox", "sleep", "1000")
                .ok();
        int files = files();
        Instant end = Instant.now().plus(TIME);

        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            long seed = SEED + caller;
            threads.add(Thread.ofPlatform().start(() -> call(seed, end)));
        }
        threads.add(Thread.ofPlatform().start(() -> sendFrames(SEED, end)));
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(faults).as("-Dwherry.fuzz.seed=%d", SEED).isEmpty();
        assertThat(daemon.log()).doesNotContain("internal error", "Exception", "OutOfMemory");
        for (String id : daemon.wherry("ps", "-aq").ok().line().split("\\s+")) {
            daemon.wherry("rm", "-fv", id);
        }
        daemon.wherry("network", "prune", "-f").ok();
        daemon.wherry("volume", "prune", "-af").ok();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Holdings.wrong(daemon)).isEmpty();
            assertThat(files()).isLessThan(files + 50);
        });
    }

    private static int files() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + daemon.pid() + "/fd"))) {
            return (int) open.count();
        }
    }

    private void sendFrames(long seed, Instant end) {
        RandomFrames frames = new RandomFrames(seed);
        try {
            while (Instant.now().isBefore(end)) {
                frames.connect(daemon.socket());
            }
        } catch (IOException failure) {
            faults.add("no connection: " + failure);
        }
    }

    private void call(long seed, Instant end) {
        RandomMessages messages = new RandomMessages(seed);
        NioEventLoopGroup events = new NioEventLoopGroup(1);
        ManagedChannel channel = null;
        try {
            for (int i = 0; Instant.now().isBefore(end); i++) {
                if (i % 50 == 0) {
                    if (channel != null) {
                        // With calls that nobody waits for any more.
                        channel.shutdownNow();
                    }
                    channel = connect(events);
                }
                call(channel, METHODS.get(messages.random().nextInt(METHODS.size())), messages);
            }
        } finally {
            channel.shutdownNow();
            events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static ManagedChannel connect(NioEventLoopGroup events) {
        return NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(daemon.socket()), InsecureChannelCredentials.create())
                .eventLoopGroup(events)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
    }

    private void call(ManagedChannel channel, MethodDescriptor method, RandomMessages messages) {
        String name = method.getService().getFullName() + "/" + method.getName();
        ClientCall<byte[], byte[]> call = channel.newCall(
                io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(name)
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build(),
                CallOptions.DEFAULT.withDeadlineAfter(50 + messages.random().nextInt(1_000), TimeUnit.MILLISECONDS));
        List<byte[]> sent = new ArrayList<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (FAULTS.contains(status.getCode()) && !UNREADABLE.equals(status.getDescription())) {
                            faults.add(fault(name, status, sent));
                        }
                        ended.complete(null);
                    }
                },
                new Metadata());
        call.request(1);
        int count = method.isClientStreaming() ? messages.random().nextInt(4) : 1;
        for (int i = 0; i < count; i++) {
            byte[] message = messages.bytes(method.getInputType());
            sent.add(message);
            call.sendMessage(message);
        }
        switch (messages.random().nextInt(4)) {
            case 0 -> call.cancel("changed my mind", null);
            case 1 -> {
                // Leaves it open.
            }
            default -> call.halfClose();
        }
        if (messages.random().nextInt(3) > 0) {
            ended.join();
        }
    }

    private static String fault(String name, Status status, List<byte[]> sent) {
        StringBuilder text = new StringBuilder(name).append(": ").append(status);
        for (byte[] message : sent) {
            String hex = HexFormat.of().formatHex(message);
            text.append("\n  ").append(hex, 0, Math.min(hex.length(), MOST_SHOWN));
        }
        return text.toString();
    }

    private record Bytes() implements io.grpc.MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
