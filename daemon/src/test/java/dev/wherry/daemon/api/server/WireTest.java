package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.Status;
import dev.wherry.daemon.Version;
import dev.wherry.test.Drop;
import dev.wherry.test.FlowServiceGrpc;
import dev.wherry.v1.InfoRequest;
import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VersionRequest;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flow control, cancellation and errors, as a client on the real socket sees them. */
@QuarkusTest
@QuarkusTestResource(PrivateRoots.class)
class WireTest {

    private NioEventLoopGroup loop;
    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        loop = new NioEventLoopGroup(1);
        channel = NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(PrivateRoots.socket()), InsecureChannelCredentials.create())
                .eventLoopGroup(loop)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
        FlowEndpoint.poured.set(0);
        FlowEndpoint.drained.set(0);
        FlowEndpoint.interrupted.set(0);
        FlowEndpoint.drain = new CountDownLatch(1);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
        // The daemon learns of it later; until then the calls count for the next test.
        FlowEndpoint.drain.countDown();
        await().untilAsserted(() -> assertThat(FlowEndpoint.open).hasValue(0));
    }

    @Test
    void systemServiceAnswers() {
        var info = SystemServiceGrpc.newBlockingStub(channel).info(InfoRequest.getDefaultInstance());

        assertThat(info.getVersion().getMode()).isEqualTo("jvm");
        assertThat(info.getCpus()).isPositive();
        assertThat(info.getVersion().getToolsList()).extracting("name").contains("runc", "conmon", "netavark");
    }

    @Test
    void producerWaitsForASlowClient() {
        Slow slow = new Slow();
        FlowServiceGrpc.newStub(channel).pour(Drop.getDefaultInstance(), slow);

        int stopped = settled(FlowEndpoint.poured);
        assertThat(stopped).isBetween(1, 400);

        slow.stream.request(stopped + 50);
        await().untilAsserted(() -> assertThat(FlowEndpoint.poured.get()).isGreaterThan(stopped));
    }

    @Test
    void clientWaitsForASlowReader() {
        AtomicInteger sent = new AtomicInteger();
        Drop drop = Drop.newBuilder().setData(FlowEndpoint.LITRE).build();
        FlowServiceGrpc.newStub(channel).drain(new ClientResponseObserver<Drop, Drop>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<Drop> stream) {
                stream.setOnReadyHandler(() -> {
                    while (stream.isReady() && sent.get() < 1000) {
                        stream.onNext(drop);
                        if (sent.incrementAndGet() == 1000) {
                            stream.onCompleted();
                        }
                    }
                });
            }

            @Override
            public void onNext(Drop value) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        });

        assertThat(settled(sent)).isBetween(1, 400);
        FlowEndpoint.drain.countDown();
        await().untilAsserted(() -> assertThat(FlowEndpoint.drained).hasValue(1000));
    }

    @Test
    void cancelledStreamInterruptsItsThread() {
        Slow slow = new Slow();
        FlowServiceGrpc.newStub(channel).pour(Drop.getDefaultInstance(), slow);
        settled(FlowEndpoint.poured);

        slow.stream.cancel("enough", null);

        await().untilAsserted(() -> assertThat(FlowEndpoint.interrupted).hasValue(1));
    }

    @Test
    void cancelledUnaryCallInterruptsItsThread() {
        var call = FlowServiceGrpc.newFutureStub(channel).wait(Drop.getDefaultInstance());
        await().until(() -> FlowEndpoint.open.get() > 0);
        assertThat(FlowEndpoint.interrupted).hasValue(0);

        call.cancel(true);

        await().untilAsserted(() -> assertThat(FlowEndpoint.interrupted).hasValue(1));
    }

    @Test
    void closedConnectionInterruptsItsCalls() throws InterruptedException {
        FlowServiceGrpc.newFutureStub(channel).wait(Drop.getDefaultInstance());
        FlowServiceGrpc.newStub(channel).pour(Drop.getDefaultInstance(), new Slow());
        settled(FlowEndpoint.poured);
        assertThat(FlowEndpoint.interrupted).hasValue(0);

        // Closes the socket under the channel, as a killed client does.
        loop.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).await();

        await().untilAsserted(() -> assertThat(FlowEndpoint.interrupted).hasValue(2));
    }

    @Test
    void errorsCarryTheirDetails() throws Exception {
        Drop named = Drop.newBuilder().setData(ByteString.copyFromUtf8("nope")).build();
        StatusRuntimeException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                StatusRuntimeException.class,
                () -> FlowServiceGrpc.newBlockingStub(channel).wait(named));

        assertThat(failure.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.NOT_FOUND);
        assertThat(failure.getStatus().getDescription()).isEqualTo("no such image: nope");
        Status status = StatusProto.fromThrowable(failure);
        Any first = status.getDetails(0);
        assertThat(first.unpack(ErrorInfo.class).getReason()).isEqualTo("NOT_FOUND");
        assertThat(first.unpack(ErrorInfo.class).getDomain()).isEqualTo("wherry.dev");
        assertThat(status.getDetails(1).unpack(ResourceInfo.class).getResourceName())
                .isEqualTo("nope");
    }

    @Test
    void errorsWithLongNamesArrive() {
        Drop named = Drop.newBuilder()
                .setData(ByteString.copyFromUtf8("\u00fc".repeat(40_000)))
                .build();

        StatusRuntimeException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                StatusRuntimeException.class,
                () -> FlowServiceGrpc.newBlockingStub(channel).wait(named));

        assertThat(failure.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.NOT_FOUND);
        assertThat(failure.getStatus().getDescription())
                .startsWith("no such image: \u00fc\u00fc")
                .contains("[...]");
    }

    @Test
    void clientTooFarFromTheDaemonIsToldSo() throws Exception {
        Metadata headers = new Metadata();
        headers.put(ClientVersion.HEADER, "99.0.0");
        var far = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));

        StatusRuntimeException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                StatusRuntimeException.class,
                () -> SystemServiceGrpc.newBlockingStub(far).info(InfoRequest.getDefaultInstance()));

        assertThat(failure.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.FAILED_PRECONDITION);
        assertThat(failure.getStatus().getDescription())
                .isEqualTo("wherry 99.0.0 and wherryd " + Version.NUMBER
                        + " are too far apart to understand each other: upgrade wherryd and restart it");
        assertThat(StatusProto.fromThrowable(failure)
                        .getDetails(0)
                        .unpack(ErrorInfo.class)
                        .getReason())
                .isEqualTo("CONFLICT");
        assertThat(SystemServiceGrpc.newBlockingStub(far)
                        .version(VersionRequest.getDefaultInstance())
                        .getVersion())
                .isEqualTo(Version.NUMBER);
    }

    @Test
    void clientOfTheSameVersionAndOneThatNamesNoneAreWelcome() {
        Metadata headers = new Metadata();
        headers.put(ClientVersion.HEADER, Version.NUMBER);
        var same = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));

        assertThat(SystemServiceGrpc.newBlockingStub(same)
                        .info(InfoRequest.getDefaultInstance())
                        .getCpus())
                .isPositive();
        assertThat(SystemServiceGrpc.newBlockingStub(channel)
                        .info(InfoRequest.getDefaultInstance())
                        .getCpus())
                .isPositive();
    }

    /** The value once it has stood still for a while. */
    private static int settled(AtomicInteger counter) {
        int[] last = {-1};
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            int now = counter.get();
            boolean still = now > 0 && now == last[0];
            last[0] = now;
            return still;
        });
        return last[0];
    }

    /** Takes nothing unless asked to. */
    private static final class Slow implements ClientResponseObserver<Drop, Drop> {

        private volatile ClientCallStreamObserver<Drop> stream;

        @Override
        public void beforeStart(ClientCallStreamObserver<Drop> started) {
            stream = started;
            started.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(Drop value) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
