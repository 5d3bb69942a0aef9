package dev.wherry.daemon.api.cri.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The streams as clients of both protocols have them. */
class StreamListenerTest {

    private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";
    private static final StreamOptions ALL = new StreamOptions(true, true, true, false);
    private static final StreamOptions TERMINAL = new StreamOptions(true, true, false, true);
    private static final String V4 = "v4.channel.k8s.io";
    private static final String V5 = "v5.channel.k8s.io";

    private final CallRunner calls = new CallRunner();
    private final StreamListener listener = new StreamListener(calls);
    private final PendingStreams pending = new PendingStreams(InstantSource.system());

    @AfterEach
    void end() throws IOException {
        calls.close();
        listener.end();
    }

    private String url(StreamOptions options, Session session) {
        return listener.address(pending)
                + pending.add("exec", new StreamTarget.Process(Caller.DAEMON, options, session));
    }

    private static Session upperCase(int exit) {
        return client -> {
            try {
                client.stderr().write("loud".getBytes(StandardCharsets.UTF_8));
                client.stdout()
                        .write(new String(client.stdin().readAllBytes(), StandardCharsets.UTF_8)
                                .toUpperCase()
                                .getBytes(StandardCharsets.UTF_8));
                return exit;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        };
    }

    @Test
    void spdyCarriesEachStreamOfTheProcess() throws Exception {
        try (SpdyClient client = new SpdyClient(url(ALL, upperCase(0)), V4, "v3.channel.k8s.io")) {
            assertThat(client.answer())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("\r\nUpgrade: SPDY/3.1\r\n")
                    .contains("\r\nX-Stream-Protocol-Version: " + V4 + "\r\n");
            int error = client.open("error");
            int stdin = client.open("stdin");
            int stdout = client.open("stdout");
            int stderr = client.open("stderr");
            client.send(stdin, "hel".getBytes(StandardCharsets.UTF_8), false);
            client.send(stdin, "lo".getBytes(StandardCharsets.UTF_8), true);
            assertThat(client.text(stdout)).isEqualTo("HELLO");
            assertThat(client.text(stderr)).isEqualTo("loud");
            assertThat(client.text(error)).isEqualTo(SUCCESS);
        }
    }

    @Test
    void exitCodeIsStatusFromTheFourthVersionOn() throws Exception {
        String newer = reportOf(V4, upperCase(3));
        assertThat(newer)
                .contains("\"status\":\"Failure\"", "\"reason\":\"NonZeroExitCode\"")
                .contains("\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}");
        assertThat(reportOf("v2.channel.k8s.io", upperCase(3))).isEqualTo("command terminated with exit code 3");
        assertThat(reportOf("channel.k8s.io", upperCase(0))).isEmpty();
    }

    @Test
    void failedStartIsReported() throws Exception {
        assertThat(reportOf(V4, client -> {
                    throw new StartException(ExitCode.NOT_EXECUTABLE, "no such program");
                }))
                .contains("\"message\":\"no such program\"", "\"reason\":\"InternalError\"");
    }

    private String reportOf(String version, Session session) throws IOException {
        try (SpdyClient client = new SpdyClient(url(ALL, session), version)) {
            int error = client.open("error");
            client.send(client.open("stdin"), new byte[0], true);
            client.open("stdout");
            client.open("stderr");
            return client.text(error);
        }
    }

    @Test
    void muchIsPassedOnBothWaysAlthoughNobodyCountsWindows() throws Exception {
        byte[] much = new byte[5 << 20];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >> 3);
        }
        try (SpdyClient client = new SpdyClient(
                url(new StreamOptions(true, true, false, false), streams -> {
                    try {
                        streams.stdin().transferTo(streams.stdout());
                        return 0;
                    } catch (IOException gone) {
                        throw new UncheckedIOException(gone);
                    }
                }),
                V4)) {
            int error = client.open("error");
            int stdin = client.open("stdin");
            int stdout = client.open("stdout");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(stdin, much, true);
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            assertThat(client.all(stdout)).isEqualTo(much);
            assertThat(client.text(error)).isEqualTo(SUCCESS);
            sender.join();
        }
    }

    @Test
    void windowSizesArriveInOrder() throws Exception {
        CountDownLatch second = new CountDownLatch(2);
        Map<Integer, Window> sizes = new ConcurrentHashMap<>();
        try (SpdyClient client = new SpdyClient(
                url(TERMINAL, streams -> {
                    streams.sizes().listen(size -> {
                        sizes.put(sizes.size(), size);
                        second.countDown();
                    });
                    second.await();
                    return 0;
                }),
                V4)) {
            int error = client.open("error");
            client.open("stdin");
            client.open("stdout");
            int resize = client.open("resize");
            client.send(resize, "{\"Width\":80,\"Height\":24}\n{\"Wid".getBytes(StandardCharsets.UTF_8), false);
            Thread.sleep(300);
            client.send(resize, "th\":99,\"Height\":30}\n".getBytes(StandardCharsets.UTF_8), false);
            assertThat(client.text(error)).isEqualTo(SUCCESS);
            assertThat(sizes.values()).contains(new Window(80, 24), new Window(99, 30));
        }
    }

    @Test
    void clientThatLeavesInterruptsTheSession() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();
        String url = url(new StreamOptions(true, true, false, false), streams -> {
            begun.countDown();
            try {
                Thread.sleep(60_000);
                end.complete("slept");
            } catch (InterruptedException left) {
                end.complete("left");
                throw left;
            }
            return 0;
        });
        try (SpdyClient client = new SpdyClient(url, V4)) {
            client.open("error");
            int stdin = client.open("stdin");
            client.open("stdout");
            // More than is taken for a process that does not read.
            client.send(stdin, new byte[InputPipe.MOST_UNREAD * 2], false);
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo("left");
    }

    @Test
    void urlWorksOnce() throws Exception {
        String url = url(ALL, upperCase(0));
        try (SpdyClient first = new SpdyClient(url, V4);
                SpdyClient second = new SpdyClient(url, V4);
                SpdyClient stranger = new SpdyClient(url.substring(0, url.length() - 4) + "0000", V4)) {
            assertThat(first.answer()).startsWith("HTTP/1.1 101 ");
            assertThat(second.answer()).startsWith("HTTP/1.1 404 ");
            assertThat(stranger.answer()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void whatIsNoUpgradeIsRefused() throws Exception {
        String url = url(ALL, upperCase(0));
        assertThat(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void onlyOneStreamOfEachKindIsTaken() throws Exception {
        try (SpdyClient client = new SpdyClient(url(ALL, upperCase(0)), V4)) {
            client.open("error");
            client.awaitRefused(client.open("error"));
            client.awaitRefused(client.open("resize"));
            client.awaitRefused(client.open("nonsense"));
        }
    }

    @Test
    void bytesOfAnotherProtocolEndTheConnection() throws Exception {
        try (SpdyClient client = new SpdyClient(url(ALL, upperCase(0)), V4)) {
            client.socket().getOutputStream().write(new byte[] {(byte) 0x80, 7, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0});
            client.awaitEnd();
        }
    }

    @Test
    void spdyForwardsPorts() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> echo(server));
            String url = listener.address(pending)
                    + pending.add("portforward", new StreamTarget.Ports(Caller.DAEMON, port -> {
                        if (port == 81) {
                            throw new ConflictException("nothing listens on port 81");
                        }
                        return SocketChannel.open(server.getLocalSocketAddress());
                    }));
            try (SpdyClient client = new SpdyClient(url, "portforward.k8s.io")) {
                int error = client.open("error", "port", "80", "requestid", "0");
                int data = client.open("data", "port", "80", "requestid", "0");
                client.send(error, new byte[0], true);
                client.send(data, "ping".getBytes(StandardCharsets.UTF_8), true);
                assertThat(client.text(data)).isEqualTo("ping");
                assertThat(client.text(error)).isEmpty();
                int failure = client.open("error", "port", "81", "requestid", "1");
                client.open("data", "port", "81", "requestid", "1");
                assertThat(client.text(failure)).isEqualTo("nothing listens on port 81");
            }
        }
    }

    private static void echo(ServerSocket server) {
        try (Socket accepted = server.accept()) {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void webSocketCarriesEachStreamByItsChannel() throws Exception {
        Received received = new Received();
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols(V5, V4)
                    .buildAsync(URI.create(url(ALL, upperCase(3)).replace("http", "ws")), received)
                    .get(20, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo(V5);
            socket.sendBinary(ByteBuffer.wrap("\0hel".getBytes(StandardCharsets.UTF_8)), false)
                    .get();
            socket.sendBinary(ByteBuffer.wrap("lo".getBytes(StandardCharsets.UTF_8)), true)
                    .get();
            socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true).get();
            received.closed.get(20, TimeUnit.SECONDS);
        }
        assertThat(received.text(1)).isEqualTo("HELLO");
        assertThat(received.text(2)).isEqualTo("loud");
        assertThat(received.text(3)).contains("NonZeroExitCode");
    }

    @Test
    void webSocketWithoutKnownProtocolIsRefused() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> http.newWebSocketBuilder()
                            .subprotocols("v9.channel.k8s.io")
                            .buildAsync(URI.create(url(ALL, upperCase(0)).replace("http", "ws")), new Received())
                            .get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("WebSocketHandshakeException");
        }
    }

    /** What comes on each channel of a WebSocket. */
    private static final class Received implements WebSocket.Listener {

        private final Map<Integer, StringBuilder> channels = new ConcurrentHashMap<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            channels.computeIfAbsent((int) bytes[0], _ -> new StringBuilder())
                    .append(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.completeExceptionally(failure);
        }

        String text(int channel) {
            return channels.getOrDefault(channel, new StringBuilder()).toString();
        }
    }
}
