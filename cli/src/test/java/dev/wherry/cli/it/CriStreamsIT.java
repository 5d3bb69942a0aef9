package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.cri.v1.AttachRequest;
import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.ExecRequest;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PortForwardRequest;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client of Kubernetes in the containers of a pod: exec, attach and ports. */
class CriStreamsIT {

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;

    @RegisterExtension
    static final Daemon daemon = new Daemon("--cri", "--cni-conf-dir", "/nowhere");

    private Kubelet kubelet;
    private PodSandboxConfig pod;
    private String sandbox;

    @BeforeAll
    static void image() throws Exception {
        Busybox.importInto(daemon);
    }

    @BeforeEach
    void connect() {
        kubelet = new Kubelet(daemon.criSocket());
        pod = Kubelet.pod("web", logs()).build();
        sandbox = kubelet.run(pod);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        kubelet.removeAll();
        kubelet.close();
        await().untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
    }

    private static Path logs() {
        return daemon.home().resolve("logs");
    }

    private String started(ContainerConfig.Builder config) {
        String container = kubelet.start(sandbox, pod, config.build());
        return container;
    }

    private String exec(String container, boolean tty, String... command) {
        return kubelet.runtime()
                .exec(ExecRequest.newBuilder()
                        .setContainerId(container)
                        .addAllCmd(List.of(command))
                        .setStdin(true)
                        .setStdout(true)
                        .setStderr(!tty)
                        .setTty(tty)
                        .build())
                .getUrl();
    }

    @Test
    void execHasItsStreamsAndItsExitCode() throws Exception {
        String container = started(Kubelet.container("main", "sleep", "1000"));
        try (Streams streams = new Streams(exec(container, false, "sh", "-c", "cat; echo bad >&2; exit 5"))) {
            streams.send(STDIN, "good");
            streams.closeInput();
            streams.awaitEnd();
            assertThat(streams.text(STDOUT)).isEqualTo("good");
            assertThat(streams.text(STDERR)).isEqualTo("bad\n");
            assertThat(streams.text(STATUS)).contains("\"reason\":\"NonZeroExitCode\"", "\"message\":\"5\"");
        }
    }

    @Test
    void terminalHasTheSizeOfItsClient() throws Exception {
        String container = started(Kubelet.container("main", "sleep", "1000"));
        try (Streams streams = new Streams(exec(container, true, "sh"))) {
            streams.send(RESIZE, "{\"Width\":91,\"Height\":33}");
            streams.send(STDIN, "until stty size | grep '33 91'; do sleep 0.1; done; exit\n");
            streams.awaitEnd();
            assertThat(streams.text(STDOUT)).contains("\n33 91\r\n");
            assertThat(streams.text(STATUS)).contains("\"status\":\"Success\"");
        }
    }

    @Test
    void terminalEndsWithItsClient() throws Exception {
        String container = started(Kubelet.container("main", "sleep", "1000"));
        try (Streams streams = new Streams(exec(container, true, "sleep", "987"))) {
            await().untilAsserted(() -> assertThat(processes(container)).contains("sleep 987"));
        }
        await().untilAsserted(() -> assertThat(processes(container)).doesNotContain("sleep 987"));
    }

    private String processes(String container) {
        return kubelet.exec(container, "ps", "-o", "args").getStdout().toStringUtf8();
    }

    @Test
    void missingProgramIsReported() throws Exception {
        String container = started(Kubelet.container("main", "sleep", "1000"));
        try (Streams streams = new Streams(exec(container, false, "no-such-program"))) {
            streams.awaitEnd();
            assertThat(streams.text(STATUS)).contains("\"status\":\"Failure\"", "no-such-program");
        }
    }

    @Test
    void attachJoinsTheFirstProcess() throws Exception {
        String container = started(Kubelet.container("main", "sh", "-c", "read line; echo got $line")
                .setStdin(true));
        String url = kubelet.runtime()
                .attach(AttachRequest.newBuilder()
                        .setContainerId(container)
                        .setStdin(true)
                        .setStdout(true)
                        .setStderr(true)
                        .build())
                .getUrl();
        try (Streams streams = new Streams(url)) {
            streams.send(STDIN, "word\n");
            streams.awaitEnd();
            assertThat(streams.text(STDOUT)).isEqualTo("got word\n");
        }
        assertThat(kubelet.awaitExit(container).getExitCode()).isZero();
    }

    @Test
    void portOfThePodIsForwarded() throws Exception {
        started(Kubelet.container("main", "sh", "-c", "exec nc -ll -p 8080 -e cat"));
        String url = kubelet.runtime()
                .portForward(
                        PortForwardRequest.newBuilder().setPodSandboxId(sandbox).build())
                .getUrl();
        try (SpdyForward forward = new SpdyForward(url)) {
            await().untilAsserted(
                            () -> assertThat(forward.exchange(8080, "ping")).isEqualTo("ping"));
            assertThat(forward.exchange(8081, "ping")).contains("nothing listens on port 8081 of pod default/web");
        }
    }

    @Test
    void onlyWhatRunsHasStreams() {
        String container = kubelet.create(
                sandbox, pod, Kubelet.container("main", "sleep", "1000").build());
        assertThatThrownBy(() -> exec(container, false, "true"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("is not running");
    }

    /** The channels of a WebSocket. */
    private static final class Streams implements WebSocket.Listener, AutoCloseable {

        private final HttpClient http = HttpClient.newHttpClient();
        private final Map<Integer, StringBuilder> channels = new ConcurrentHashMap<>();
        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        private final WebSocket socket;

        Streams(String url) throws Exception {
            socket = http.newWebSocketBuilder()
                    .subprotocols("v5.channel.k8s.io")
                    .buildAsync(URI.create(url.replaceFirst("http", "ws")), this)
                    .get(20, TimeUnit.SECONDS);
        }

        void send(int channel, String text) throws Exception {
            byte[] message = (" " + text).getBytes(StandardCharsets.UTF_8);
            message[0] = (byte) channel;
            socket.sendBinary(ByteBuffer.wrap(message), true).get(20, TimeUnit.SECONDS);
        }

        void closeInput() throws Exception {
            socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, STDIN}), true)
                    .get(20, TimeUnit.SECONDS);
        }

        void awaitEnd() throws Exception {
            end.get(30, TimeUnit.SECONDS);
        }

        String text(int channel) {
            return channels.getOrDefault(channel, new StringBuilder()).toString();
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            channels.computeIfAbsent((int) bytes[0], _ -> new StringBuilder())
                    .append(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void close() {
            socket.abort();
            http.shutdownNow();
        }
    }
}
