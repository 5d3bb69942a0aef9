package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.wherry.test.Drop;
import dev.wherry.test.FlowServiceGrpc;
import dev.wherry.test.FlowServiceGrpc.FlowServiceStub;
import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VersionRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that is cancelled ends, and no other call notices, whatever the moment and however the client says so. */
@QuarkusTest
@QuarkusTestResource(PrivateRoots.class)
class CancellationTest {

    /** Calls that are cancelled; {@code -Dwherry.test.cancels=100000} for more. */
    private static final int CANCELS = Integer.getInteger("wherry.test.cancels", 10_000);

    private static final int AT_ONCE = 8;
    private static final int LONGEST_MICROSECONDS = 500;

    @Inject
    Vertx vertx;

    @Test
    void cancelsAtRandomMomentsLeaveAStreamBesideThemAlone() throws InterruptedException {
        NioEventLoopGroup loop = new NioEventLoopGroup(1);
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(PrivateRoots.socket()), InsecureChannelCredentials.create())
                .eventLoopGroup(loop)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
        FlowEndpoint.drain = new CountDownLatch(0);
        try {
            Stream stream = new Stream();
            CancellableContext streaming = Context.current().withCancellation();
            streaming.run(() -> FlowServiceGrpc.newStub(channel).pour(Drop.getDefaultInstance(), stream));
            await().untilAtomic(
                            stream.received, received -> assertThat(received).isPositive());

            Map<String, Integer> ends = cancelMany(channel, stream);

            assertThat(stream.failure).hasValue(null);
            int before = stream.received.get();
            await().untilAtomic(
                            stream.received, received -> assertThat(received).isGreaterThan(before));
            assertThat(ends.keySet()).isSubsetOf("OK", "CANCELLED", "NOT_FOUND");
            await().untilAtomic(FlowEndpoint.open, open -> assertThat(open).isEqualTo(1));
            streaming.cancel(null);
            await().untilAtomic(FlowEndpoint.open, open -> assertThat(open).isZero());
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Returns how often calls ended with which status. */
    private static Map<String, Integer> cancelMany(ManagedChannel channel, Stream stream) throws InterruptedException {
        Map<String, Integer> ends = new ConcurrentHashMap<>();
        Semaphore free = new Semaphore(AT_ONCE);
        Random random = new Random(7);
        for (int i = 0; i < CANCELS && stream.failure.get() == null; i++) {
            free.acquire();
            CancellableContext call = Context.current().withCancellation();
            int kind = i % 5;
            call.run(() -> start(channel, kind, status -> {
                ends.merge(status.getCode().name(), 1, Integer::sum);
                free.release();
            }));
            // Shorter than any sleep: the moments lie within the life of a short call.
            long moment = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_MICROSECONDS));
            while (System.nanoTime() < moment) {
                Thread.onSpinWait();
            }
            call.cancel(null);
        }
        free.acquire(AT_ONCE);
        return ends;
    }

    private static void start(ManagedChannel channel, int kind, java.util.function.Consumer<Status> end) {
        FlowServiceStub flow = FlowServiceGrpc.newStub(channel);
        Drop empty = Drop.getDefaultInstance();
        switch (kind) {
            case 0 -> SystemServiceGrpc.newStub(channel).version(VersionRequest.getDefaultInstance(), new End<>(end));
            case 1 ->
                flow.wait(
                        Drop.newBuilder()
                                .setData(ByteString.copyFromUtf8("absent"))
                                .build(),
                        new End<>(end));
            case 2 -> flow.wait(empty, new End<>(end));
            case 3 -> flow.pour(empty, new End<>(end));
            default -> {
                StreamObserver<Drop> requests = flow.drain(new End<>(end));
                requests.onNext(Drop.newBuilder().setData(FlowEndpoint.LITRE).build());
                requests.onCompleted();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 10, 11, 12, 13})
    void callEndsWithWhateverCodeTheClientResetsItsStream(int code) throws Exception {
        FlowEndpoint.interrupted.set(0);
        HttpClient client = client();
        try {
            HttpClientRequest request = waiting(client, new RequestOptions());
            await().untilAtomic(FlowEndpoint.open, open -> assertThat(open).isEqualTo(1));

            request.reset(code);

            await().untilAtomic(
                            FlowEndpoint.interrupted,
                            interrupted -> assertThat(interrupted).isEqualTo(1));
        } finally {
            client.close();
        }
        await().untilAtomic(FlowEndpoint.open, open -> assertThat(open).isZero());
    }

    @Test
    void callEndsAtItsDeadlineEvenIfItsClientDoesNotEndIt() throws Exception {
        FlowEndpoint.interrupted.set(0);
        HttpClient client = client();
        try {
            HttpClientResponse response = waiting(client, new RequestOptions().putHeader("grpc-timeout", "200m"))
                    .response()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            response.end().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);

            String status = response.getHeader("grpc-status");
            assertThat(status == null ? response.getTrailer("grpc-status") : status)
                    .isEqualTo(Integer.toString(Status.Code.DEADLINE_EXCEEDED.value()));
            assertThat(FlowEndpoint.interrupted).hasValue(1);
        } finally {
            client.close();
        }
        await().untilAtomic(FlowEndpoint.open, open -> assertThat(open).isZero());
    }

    /** A client that knows nothing of gRPC. */
    private HttpClient client() {
        return vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }

    /** Begins a call that waits without end. */
    private static HttpClientRequest waiting(HttpClient client, RequestOptions options) throws Exception {
        HttpClientRequest request = client.request(options.setServer(SocketAddress.domainSocketAddress(
                                PrivateRoots.socket().toString()))
                        .setHost("localhost")
                        .setMethod(HttpMethod.POST)
                        .setURI("/wherry.test.FlowService/Wait")
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers"))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        request.end(Buffer.buffer(new byte[5]));
        return request;
    }

    /** Takes what comes. */
    private static final class Stream implements StreamObserver<Drop> {

        private final AtomicInteger received = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        public void onNext(Drop value) {
            received.incrementAndGet();
        }

        @Override
        public void onError(Throwable end) {
            failure.set(end);
        }

        @Override
        public void onCompleted() {
            failure.set(new IllegalStateException("completed"));
        }
    }

    private record End<T>(java.util.function.Consumer<Status> end) implements StreamObserver<T> {
        @Override
        public void onNext(T value) {}

        @Override
        public void onError(Throwable failure) {
            end.accept(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.accept(Status.OK);
        }
    }
}
