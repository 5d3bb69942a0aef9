package dev.wherry.cli.it;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.CacheOptions;
import dev.wherry.buildkit.control.ControlGrpc;
import dev.wherry.buildkit.control.Exporter;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.buildkit.control.SolveResponse;
import dev.wherry.buildkit.control.StatusRequest;
import dev.wherry.buildkit.control.StatusResponse;
import dev.wherry.buildkit.gateway.LLBBridgeGrpc;
import dev.wherry.buildkit.gateway.Result;
import dev.wherry.buildkit.gateway.ReturnRequest;
import dev.wherry.buildkit.secrets.GetSecretRequest;
import dev.wherry.buildkit.secrets.GetSecretResponse;
import dev.wherry.buildkit.secrets.SecretsGrpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A client of BuildKit, as buildx is one: it calls the daemon over one connection to Docker's socket, and serves its session
 * over another.
 */
final class BuildkitClient implements AutoCloseable {

    private static final int SECONDS = 60;

    private final Daemon daemon;
    private final BuildkitFiles files;
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
    private final BuildkitStore store = new BuildkitStore();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final String session = UUID.randomUUID().toString().replace("-", "");
    private final ManagedChannel channel;

    BuildkitClient(Daemon daemon, BuildkitFiles files) throws IOException {
        this.daemon = daemon;
        this.files = files;
        ServerSocket entrance = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        open.add(entrance);
        Thread.startVirtualThread(() -> relay(entrance));
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), entrance.getLocalPort()),
                        InsecureChannelCredentials.create())
                .build();
        serve();
    }

    private void relay(ServerSocket entrance) {
        while (true) {
            try {
                Socket near = entrance.accept();
                DockerSocket far = upgraded("/grpc", "");
                pass(near, far);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private DockerSocket upgraded(String path, String headers) throws IOException {
        DockerSocket socket = DockerSocket.to(daemon);
        open.add(socket);
        socket.send("POST", path, new byte[0], "Connection: Upgrade\r\nUpgrade: h2c\r\n" + headers);
        DockerSocket.Answer head = socket.head();
        if (head.status() != 101 || !"h2c".equals(head.headers().get("upgrade"))) {
            throw new IOException("no upgrade: " + head.status());
        }
        return socket;
    }

    private void pass(Socket near, DockerSocket far) {
        open.add(near);
        Thread.startVirtualThread(() -> copy(far.input(), output(near)));
        Thread.startVirtualThread(() -> {
            try (InputStream in = near.getInputStream()) {
                byte[] buffer = new byte[32 << 10];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    far.write(Arrays.copyOf(buffer, count));
                }
            } catch (IOException closed) {
                // As is the other way.
            }
        });
    }

    private static OutputStream output(Socket socket) {
        try {
            return socket.getOutputStream();
        } catch (IOException closed) {
            return OutputStream.nullOutputStream();
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try (from;
                to) {
            from.transferTo(to);
        } catch (IOException closed) {
            // As is the other way.
        }
    }

    private void serve() throws IOException {
        Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .intercept(files)
                .addService(files)
                .addService(files.outputs())
                .addService(new Secrets())
                .addService(store)
                .build()
                .start();
        open.add(server::shutdownNow);
        StringBuilder headers = new StringBuilder("X-Docker-Expose-Session-Uuid: " + session + "\r\n"
                + "X-Docker-Expose-Session-Sharedkey: app:here\r\n");
        server.getServices().stream()
                .flatMap(service -> service.getMethods().stream())
                .map(method -> method.getMethodDescriptor().getFullMethodName())
                .forEach(name -> headers.append("X-Docker-Expose-Session-Grpc-Method: /")
                        .append(name)
                        .append("\r\n"));
        pass(new Socket(InetAddress.getLoopbackAddress(), server.getPort()), upgraded("/session", headers.toString()));
    }

    private final class Secrets extends SecretsGrpc.SecretsImplBase {
        @Override
        public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> answer) {
            byte[] secret = secrets.get(request.getID());
            if (secret == null) {
                answer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            answer.onNext(GetSecretResponse.newBuilder()
                    .setData(ByteString.copyFrom(secret))
                    .build());
            answer.onCompleted();
        }
    }

    BuildkitClient secret(String id, String content) {
        secrets.put(id, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ControlGrpc.ControlBlockingStub control() {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }

    LLBBridgeGrpc.LLBBridgeBlockingStub bridge(String build) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("buildkit-controlapi-buildid", Metadata.ASCII_STRING_MARSHALLER), build);
        return LLBBridgeGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    String session() {
        return session;
    }

    /** A build, with what was said of it. */
    record Built(Map<String, String> response, Result result, List<StatusResponse> status) {

        List<String> warnings() {
            return status.stream()
                    .flatMap(part -> part.getWarningsList().stream())
                    .map(warning -> warning.getShort().toStringUtf8())
                    .toList();
        }

        String output() {
            StringBuilder text = new StringBuilder();
            status.stream()
                    .flatMap(part -> part.getLogsList().stream())
                    .forEach(log -> text.append(log.getMsg().toStringUtf8()));
            return text.toString();
        }

        /** The names of the steps that came from the cache. */
        /** What the store was given, once it has it. */
        List<String> exported() {
            return status.stream()
                    .flatMap(part -> part.getStatusesList().stream())
                    .filter(item -> item.hasCompleted())
                    .map(item -> item.getID())
                    .toList();
        }

        List<String> cached() {
            return status.stream()
                    .flatMap(part -> part.getVertexesList().stream())
                    .filter(vertex -> vertex.getCached() && vertex.hasCompleted())
                    .map(vertex -> vertex.getName())
                    .toList();
        }
    }

    static Exporter exporter(String type, String... attributes) {
        Exporter.Builder exporter = Exporter.newBuilder().setType(type);
        for (String attribute : attributes) {
            String[] parts = attribute.split("=", 2);
            exporter.putAttrs(parts[0], parts[1]);
        }
        return exporter.build();
    }

    /** The blobs of all its image layouts and caches. */
    BuildkitStore store() {
        return store;
    }

    /** A build that is open as long as this client is. */
    LLBBridgeGrpc.LLBBridgeBlockingStub opened(String build) {
        Thread.startVirtualThread(() -> {
            try {
                control()
                        .solve(SolveRequest.newBuilder()
                                .setRef(build)
                                .setSession(session)
                                .setInternal(true)
                                .build());
            } catch (StatusRuntimeException ended) {
                // Nobody waits for it.
            }
        });
        return bridge(build);
    }

    /** Builds as buildx does. */
    Built build(Map<String, String> options, Exporter... exporters) throws Exception {
        return build(CacheOptions.getDefaultInstance(), options, exporters);
    }

    Built build(CacheOptions caches, Map<String, String> options, Exporter... exporters) throws Exception {
        String ref = UUID.randomUUID().toString().replace("-", "");
        CompletableFuture<SolveResponse> solved = CompletableFuture.supplyAsync(() -> control()
                .solve(SolveRequest.newBuilder()
                        .setRef(ref)
                        .setSession(session)
                        .setCache(caches)
                        .addAllExporters(List.of(exporters))
                        .build()));
        CompletableFuture<List<StatusResponse>> status = CompletableFuture.supplyAsync(() -> {
            List<StatusResponse> parts = new ArrayList<>();
            Iterator<StatusResponse> said =
                    control().status(StatusRequest.newBuilder().setRef(ref).build());
            said.forEachRemaining(parts::add);
            return parts;
        });
        Result result;
        try {
            result = bridge(ref)
                    .solve(dev.wherry.buildkit.gateway.SolveRequest.newBuilder()
                            .setFrontend("dockerfile.v0")
                            .putAllFrontendOpt(options)
                            .build())
                    .getResult();
            bridge(ref).return_(ReturnRequest.newBuilder().setResult(result).build());
        } catch (RuntimeException failure) {
            bridge(ref)
                    .return_(ReturnRequest.newBuilder()
                            .setError(com.google.rpc.Status.newBuilder()
                                    .setCode(Status.Code.UNKNOWN.value())
                                    .setMessage(String.valueOf(failure.getMessage())))
                            .build());
            throw failure;
        }
        return new Built(
                solved.get(SECONDS, TimeUnit.SECONDS).getExporterResponseMap(),
                result,
                status.get(SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() throws Exception {
        channel.shutdownNow();
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
