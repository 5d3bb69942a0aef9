package dev.wherry.cli.app;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import dev.wherry.v1.*;
import dev.wherry.v1.InspectNetworkRequest;
import dev.wherry.v1.InspectNetworkResponse;
import dev.wherry.v1.NetworkServiceGrpc;
import dev.wherry.v1.VolumeServiceGrpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands for the daemon where the client's half of a conversation is tested: it speaks the API over a unix socket, and
 * runs nothing. Its one container echoes what it is sent and exits with 7.
 */
final class FakeDaemon implements AutoCloseable {
    final AtomicReference<CreateContainerRequest> created = new AtomicReference<>();
    final AtomicReference<ListContainersRequest> listed = new AtomicReference<>();
    final CopyOnWriteArrayList<ContainerSummary.Builder> summaries = new CopyOnWriteArrayList<>();
    final AtomicReference<BuildOptions> built = new AtomicReference<>();
    final Map<String, String> contextFiles = new TreeMap<>();
    /** What a build says at once, where not empty, and what it is answered; it ends when all its questions are answered. */
    final List<BuildEvent> script = new CopyOnWriteArrayList<>();

    final List<BuildRequest> answers = new CopyOnWriteArrayList<>();
    final ConcurrentHashMap<String, Boolean> images = new ConcurrentHashMap<>();
    final CopyOnWriteArrayList<String> calls = new CopyOnWriteArrayList<>();
    final java.io.ByteArrayOutputStream imported = new java.io.ByteArrayOutputStream();
    /** The calls to refuse, each once, as a daemon does that shuts down. */
    final CopyOnWriteArrayList<String> refused = new CopyOnWriteArrayList<>();

    volatile int startExitCode;
    volatile String buildError = "";

    private final NioEventLoopGroup events = new NioEventLoopGroup(1);
    private final Server server;

    FakeDaemon(Path socket) throws IOException {
        this(NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket), InsecureServerCredentials.create())
                .channelFactory(NioServerDomainSocketChannel::new));
    }

    /** Listens on a port of the loopback interface. */
    FakeDaemon(ServerCredentials credentials) throws IOException {
        this(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
                .channelFactory(NioServerSocketChannel::new));
    }

    private FakeDaemon(NettyServerBuilder builder) throws IOException {
        server = builder.bossEventLoopGroup(events)
                .workerEventLoopGroup(events)
                .maxInboundMessageSize(256 << 10)
                .addService(new Builds())
                .addService(new Images())
                .addService(new Containers())
                .addService(new Volumes())
                .addService(new Networks())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
        events.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private static StatusRuntimeException failure(io.grpc.Status.Code code, String sentence, int exitCode) {
        ErrorInfo info = ErrorInfo.newBuilder()
                .putMetadata("exit_code", String.valueOf(exitCode))
                .build();
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(sentence)
                .addDetails(exitCode == 0 ? Any.getDefaultInstance() : Any.pack(info))
                .build());
    }

    private static StatusRuntimeException shuttingDown() {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(io.grpc.Status.Code.UNAVAILABLE.value())
                .setMessage("wherryd is shutting down")
                .addDetails(Any.pack(
                        ErrorInfo.newBuilder().setReason("SHUTTING_DOWN").build()))
                .build());
    }

    private static StatusRuntimeException notFound(String kind, String name) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(io.grpc.Status.Code.NOT_FOUND.value())
                .setMessage("no such " + kind + ": " + name)
                .addDetails(
                        Any.pack(ErrorInfo.newBuilder().setReason("NOT_FOUND").build()))
                .addDetails(Any.pack(ResourceInfo.newBuilder()
                        .setResourceType(kind)
                        .setResourceName(name)
                        .build()))
                .build());
    }

    private static <T> void answer(StreamObserver<T> to, T message) {
        to.onNext(message);
        to.onCompleted();
    }

    private final class Builds extends BuildServiceGrpc.BuildServiceImplBase {
        @Override
        public StreamObserver<BuildRequest> build(StreamObserver<BuildEvent> events) {
            return new Sink<>() {
                @Override
                public void onNext(BuildRequest request) {
                    if (!script.isEmpty() && !request.hasOptions()) {
                        answers.add(request);
                        finishScript(events);
                        return;
                    }
                    switch (request.getRequestCase()) {
                        case OPTIONS -> {
                            built.set(request.getOptions());
                            if (!script.isEmpty()) {
                                script.forEach(events::onNext);
                                finishScript(events);
                                return;
                            }
                            events.onNext(
                                    context(ContextRequest.newBuilder().setList(ListContext.getDefaultInstance())));
                        }
                        case ENTRIES -> {
                            ReadFiles.Builder files = ReadFiles.newBuilder();
                            request.getEntries().getEntriesList().forEach(entry -> files.addPaths(entry.getPath()));
                            events.onNext(context(ContextRequest.newBuilder().setRead(files)));
                        }
                        case CHUNKS -> {
                            for (FileChunk chunk : request.getChunks().getChunksList()) {
                                contextFiles.merge(
                                        chunk.getPath().toStringUtf8(),
                                        chunk.getData().toStringUtf8(),
                                        String::concat);
                            }
                            finish(events);
                        }
                        case DOCKERFILE, REQUEST_NOT_SET -> {}
                    }
                }
            };
        }

        private void finishScript(StreamObserver<BuildEvent> events) {
            long questions =
                    script.stream().filter(event -> !event.hasOutputs()).count();
            if (answers.size() == questions) {
                finish(events);
            }
        }

        private void finish(StreamObserver<BuildEvent> events) {
            events.onNext(BuildEvent.newBuilder()
                    .setStarted(StepStarted.newBuilder().setStep(1).setName("[1/1] RUN make"))
                    .build());
            events.onNext(BuildEvent.newBuilder()
                    .setOutput(StepOutput.newBuilder().setStep(1).setData(ByteString.copyFromUtf8("making\n")))
                    .build());
            events.onNext(BuildEvent.newBuilder()
                    .setDone(StepDone.newBuilder().setStep(1).setError(buildError))
                    .build());
            if (!buildError.isEmpty()) {
                events.onError(failure(io.grpc.Status.Code.FAILED_PRECONDITION, "Dockerfile:1: " + buildError, 0));
                return;
            }
            BuildResult result = BuildResult.newBuilder()
                    .setImageId("sha256:abc")
                    .addTags("app:latest")
                    .build();
            answer(events, BuildEvent.newBuilder().setResult(result).build());
        }

        private static BuildEvent context(ContextRequest.Builder request) {
            return BuildEvent.newBuilder().setContext(request).build();
        }
    }

    private final class Images extends ImageServiceGrpc.ImageServiceImplBase {
        @Override
        public void pull(PullRequest request, StreamObserver<PullEvent> events) {
            images.put(request.getReference(), true);
            events.onNext(PullEvent.newBuilder()
                    .setMessage("latest: Pulling from library/app")
                    .build());
            events.onNext(PullEvent.newBuilder()
                    .setLayer(LayerProgress.newBuilder()
                            .setDigest("sha256:0123456789abcdef")
                            .setPhase(LayerProgress.Phase.PHASE_DONE))
                    .build());
            PullResult result = PullResult.newBuilder()
                    .setReference("docker.io/library/app:latest")
                    .setDigest("sha256:fed")
                    .build();
            answer(events, PullEvent.newBuilder().setResult(result).build());
        }

        @Override
        public StreamObserver<ImportRequest> import_(StreamObserver<ImportResponse> answer) {
            return new Sink<>() {
                @Override
                public void onNext(ImportRequest request) {
                    if (request.hasChunk()) {
                        imported.writeBytes(request.getChunk().toByteArray());
                    }
                }

                @Override
                public void onCompleted() {
                    answer(
                            answer,
                            ImportResponse.newBuilder()
                                    .setImageId("sha256:1111")
                                    .build());
                }
            };
        }

        @Override
        public void inspect(InspectImageRequest request, StreamObserver<InspectImageResponse> answer) {
            if (request.getImage().equals("image")) {
                answer(
                        answer,
                        InspectImageResponse.newBuilder()
                                .setJson("{\"Id\":\"sha256:1\"}")
                                .build());
            } else {
                answer.onError(notFound("image", request.getImage()));
            }
        }
    }

    private static final class Networks extends NetworkServiceGrpc.NetworkServiceImplBase {
        @Override
        public void inspect(InspectNetworkRequest request, StreamObserver<InspectNetworkResponse> answer) {
            answer.onError(notFound("network", request.getNetwork()));
        }
    }

    private static final class Volumes extends VolumeServiceGrpc.VolumeServiceImplBase {
        @Override
        public void inspect(InspectVolumeRequest request, StreamObserver<InspectVolumeResponse> answer) {
            if (request.getName().equals("data")) {
                answer(
                        answer,
                        InspectVolumeResponse.newBuilder()
                                .setJson("{\"Name\":\"data\"}")
                                .build());
            } else {
                answer.onError(notFound("volume", request.getName()));
            }
        }
    }

    private final class Containers extends ContainerServiceGrpc.ContainerServiceImplBase {
        private volatile StreamObserver<AttachResponse> attached;

        @Override
        public void create(CreateContainerRequest request, StreamObserver<CreateContainerResponse> answer) {
            if (!images.containsKey(request.getImage())) {
                answer.onError(notFound("image", request.getImage()));
                return;
            }
            if (request.getNetwork().equals("container:gone")) {
                answer.onError(notFound("container", "gone"));
                return;
            }
            created.set(request);
            answer(answer, CreateContainerResponse.newBuilder().setId("c1").build());
        }

        @Override
        public StreamObserver<AttachRequest> attach(StreamObserver<AttachResponse> responses) {
            attached = responses;
            return new Sink<>() {
                @Override
                public void onNext(AttachRequest request) {
                    switch (request.getRequestCase()) {
                        case OPTIONS -> {
                            calls.add("attach");
                            if (refused.remove("attach")) {
                                responses.onError(shuttingDown());
                                return;
                            }
                            responses.onNext(AttachResponse.newBuilder()
                                    .setReady(AttachReady.getDefaultInstance())
                                    .build());
                        }
                        case STDIN ->
                            responses.onNext(AttachResponse.newBuilder()
                                    .setStdout(request.getStdin())
                                    .build());
                        case STDIN_CLOSED -> exit(responses);
                        case RESIZE, SIGNAL, REQUEST_NOT_SET -> {}
                    }
                }
            };
        }

        @Override
        public void start(StartContainerRequest request, StreamObserver<StartContainerResponse> answer) {
            calls.add("start");
            if (refused.remove("start")) {
                answer.onError(shuttingDown());
                return;
            }
            if (startExitCode != 0) {
                answer.onError(
                        failure(io.grpc.Status.Code.FAILED_PRECONDITION, "exec: \"nope\": not found", startExitCode));
                return;
            }
            answer(answer, StartContainerResponse.getDefaultInstance());
            if (attached != null && !created.get().getStdinOpen()) {
                attached.onNext(AttachResponse.newBuilder()
                        .setStderr(ByteString.copyFromUtf8("oops\n"))
                        .build());
                exit(attached);
            }
        }

        /** The last response of an attachment. */
        private static void exit(StreamObserver<AttachResponse> responses) {
            responses.onNext(AttachResponse.newBuilder()
                    .setExit(ContainerExit.newBuilder().setCode(7))
                    .build());
            responses.onCompleted();
        }

        @Override
        public void wait(WaitContainerRequest request, StreamObserver<WaitContainerResponse> answer) {
            calls.add("wait " + request.getCondition());
            answer(answer, WaitContainerResponse.newBuilder().setExitCode(7).build());
        }

        @Override
        public void list(ListContainersRequest request, StreamObserver<ListContainersResponse> answer) {
            listed.set(request);
            ListContainersResponse.Builder response = ListContainersResponse.newBuilder();
            summaries.forEach(response::addContainers);
            answer(answer, response.build());
        }

        @Override
        public void remove(RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> answer) {
            calls.add("remove " + request.getContainer());
            if (request.getContainer().equals("gone")) {
                answer.onError(notFound("container", "gone"));
            } else {
                answer(answer, RemoveContainerResponse.getDefaultInstance());
            }
        }

        @Override
        public void inspect(InspectContainerRequest request, StreamObserver<InspectContainerResponse> answer) {
            if (request.getContainer().equals("web")) {
                answer(
                        answer,
                        InspectContainerResponse.newBuilder()
                                .setJson("{\"Id\":\"c1\"}")
                                .build());
            } else {
                answer.onError(notFound("container", request.getContainer()));
            }
        }
    }

    /** A receiver that cares for messages only. */
    private abstract static class Sink<T> implements StreamObserver<T> {
        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
