package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VersionRequest;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon as programs other than {@code wherry} meet it: its health, its reflection, and the example of the README. */
class ApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final Daemon daemon = new Daemon("--shutdown-grace", "60s");

    private NioEventLoopGroup events;
    private ManagedChannel channel;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @BeforeEach
    void connect() {
        events = new NioEventLoopGroup(1);
        channel = NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(daemon.socket()), InsecureChannelCredentials.create())
                .eventLoopGroup(events)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void exampleOfTheReadmeListsContainers() throws Exception {
        daemon.wherry("create", "--name", "listed", "busybox").ok();

        Process example = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        "target/lib/*",
                        "../proto/src/example/Containers.java",
                        daemon.socket().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        String output = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(example.waitFor()).isZero();
        assertThat(output.lines()).contains("listed created busybox");
    }

    @Test
    void reflectionDescribesTheServices() throws Exception {
        ServerReflectionResponse services =
                reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(services.getListServicesResponse().getServiceList())
                .extracting("name")
                .contains("wherry.v1.ContainerService", "wherry.v1.BuildService", "grpc.health.v1.Health");

        ServerReflectionResponse file = reflect(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("wherry.v1.VolumeService")
                .build());
        assertThat(FileDescriptorProto.parseFrom(
                                file.getFileDescriptorResponse().getFileDescriptorProto(0))
                        .getServiceList())
                .extracting(ServiceDescriptorProto::getName)
                .containsExactly("VolumeService");
    }

    private ServerReflectionResponse reflect(ServerReflectionRequest question) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(question);
        ServerReflectionResponse response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        requests.onCompleted();
        return response;
    }

    @Test
    void healthIsThatOfTheDaemon() throws Exception {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("wherry.v1.ContainerService")).isEqualTo(ServingStatus.SERVING);

        // A call that works keeps the daemon from ending: the stop of a container that ignores its signal.
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "stubborn",
                        "busybox",
                        "sh",
                        "-c",
                        "trap 'echo ignored' TERM; echo ready; while :; do sleep 0.1; done")
                .ok();
        String program =
                daemon.wherry("inspect", "-f", "{{.State.Pid}}", "stubborn").line();
        Running logs = daemon.follow(daemon.home(), "logs", "-f", "stubborn");
        logs.awaitStdout("ready");
        Process stop = daemon.spawn(daemon.home(), "stop", "-t", "300", "stubborn");
        logs.awaitStdout("ignored");
        daemon.signal("TERM");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING));
        assertThat(health("wherry.v1.ContainerService")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThatThrownBy(
                        () -> SystemServiceGrpc.newBlockingStub(channel).version(VersionRequest.getDefaultInstance()))
                .hasMessageContaining("wherryd is shutting down");

        assertThat(new ProcessBuilder("kill", "-KILL", program).start().waitFor())
                .isZero();
        assertThat(stop.waitFor()).isZero();
        daemon.awaitEnd();
        daemon.start();
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
