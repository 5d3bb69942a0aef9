package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pki.Authority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Who gets in by TCP and who does not, with real sockets and certificates. A client of TLS 1.3 has its handshake behind it when it
 * is refused: if it has sent its request by then it may see a broken connection in place of the reason, which is in the log.
 */
@ResourceLock("log of TCP connections")
class TcpListenersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final Handler logged = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(((ExtLogRecord) record).getFormattedMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final List<Logger> loggers =
            List.of(Logger.getLogger(TcpConnections.class.getName()), Logger.getLogger(TcpListeners.class.getName()));
    private final List<AutoCloseable> open = new ArrayList<>();
    private Vertx vertx;
    private TcpListeners listeners;
    private Authority authority;

    @BeforeEach
    void start() {
        loggers.forEach(logger -> logger.addHandler(logged));
        vertx = Vertx.vertx();
        listeners = new TcpListeners(vertx, TcpListenersTest::answer);
        authority = new Authority(folder.resolve("pki"));
        authority.begin(List.of("localhost", "127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        listeners.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        loggers.forEach(logger -> logger.removeHandler(logged));
    }

    /** Says who has called. */
    private static void answer(HttpServerRequest request) {
        Peer peer = ((ConnectionBase) request.connection())
                .channel()
                .attr(ClientConnections.PEER)
                .get();
        request.response()
                .end(
                        switch (peer) {
                            case Peer.Certificate certificate -> certificate.subject();
                            default -> peer.getClass().getSimpleName();
                        });
    }

    private TlsFiles files() {
        Path pki = folder.resolve("pki");
        return new TlsFiles(
                pki.resolve("ca.pem"), pki.resolve("cert.pem"), pki.resolve("key.pem"), pki.resolve("crl.pem"), false);
    }

    private int listen() {
        return listen(false);
    }

    private int listen(boolean insecureLoopback) {
        String address = listeners
                .open(new TcpSettings(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", 0)), insecureLoopback, files()))
                .getFirst();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private HttpClient client(SSLContext tls) {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(PATIENCE)
                .build();
        open.add(client::shutdownNow);
        return client;
    }

    private String ask(HttpClient client, int port) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                .timeout(PATIENCE)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private String ask(RemoteIdentity identity, int port) throws Exception {
        return ask(client(identity.tls()), port);
    }

    private String nextLogged() throws InterruptedException {
        return log.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private RemoteIdentity issued(String name) {
        return RemoteIdentity.issued(authority, folder, name);
    }

    @Test
    void certificateSaysWhoCalls() throws Exception {
        assertThat(ask(issued("alice"), listen())).isEqualTo("CN=alice,O=wherry:admin");
    }

    @Test
    void clientWithoutCertificateIsRefused() throws Exception {
        int port = listen();
        SSLContext nameless = issued("alice").nameless();

        assertThatThrownBy(() -> ask(client(nameless), port)).isInstanceOf(IOException.class);
        assertThat(nextLogged())
                .isEqualTo("refused a connection from 127.0.0.1: it shows no certificate of a trusted authority");
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        int port = listen();
        Authority other = new Authority(folder.resolve("other"));
        other.begin(List.of("localhost"));
        RemoteIdentity mallory = RemoteIdentity.issued(other, folder, "mallory");
        Files.copy(
                folder.resolve("pki/ca.pem"),
                Files.createDirectory(folder.resolve("x")).resolve("ca.pem"));
        Files.copy(mallory.folder().resolve("cert.pem"), folder.resolve("x/cert.pem"));
        Files.copy(mallory.folder().resolve("key.pem"), folder.resolve("x/key.pem"));

        assertThatThrownBy(() -> ask(new RemoteIdentity(folder.resolve("x")), port))
                .isInstanceOf(IOException.class);
        assertThat(nextLogged())
                .startsWith("refused a connection from 127.0.0.1: the certificate of CN=mallory,O=wherry:admin"
                        + " (serial number ")
                .endsWith(") is of no authority that is trusted");
    }

    @Test
    void expiredCertificateIsRefused() throws Exception {
        RemoteIdentity late = RemoteIdentity.issued(authority, folder, "late", Duration.ofSeconds(-1));

        assertThatThrownBy(() -> ask(late, listen())).isInstanceOf(IOException.class);
        assertThat(nextLogged()).contains("CN=late,").contains(") has expired on 20");
    }

    @Test
    void revokedCertificateIsRefused() throws Exception {
        RemoteIdentity alice = issued("alice");
        authority.revoke("alice");

        assertThatThrownBy(() -> ask(alice, listen())).isInstanceOf(IOException.class);
        assertThat(nextLogged()).contains("CN=alice,").endsWith(") is revoked");
    }

    @Test
    void certificateOfAServerIsNoClients() throws Exception {
        assertThatThrownBy(() -> ask(new RemoteIdentity(folder.resolve("pki")), listen()))
                .isInstanceOf(IOException.class);
        assertThat(nextLogged()).contains("CN=wherryd").endsWith(") is not for clients");
    }

    @Test
    void olderTlsIsRefused() throws Exception {
        int port = listen();
        try (SSLSocket socket =
                (SSLSocket) issued("alice").tls().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});

            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("protocol_version");
        }
        assertThat(nextLogged()).endsWith("127.0.0.1: it does not speak TLS 1.3");
    }

    @Test
    void plainTextIsRefusedWithoutAWord() throws Exception {
        int port = listen();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket.getInputStream())).doesNotContain("HTTP");
        }
        assertThat(nextLogged()).endsWith("127.0.0.1: it does not speak TLS");
    }

    @Test
    void http1IsRefused() throws Exception {
        int port = listen();
        try (SSLSocket socket =
                (SSLSocket) issued("alice").tls().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket.getInputStream())).isEmpty();
        }
    }

    @Test
    void loopbackMayBeWithoutTlsButOnlyForHttp2() throws Exception {
        int port = listen(true);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket.getInputStream())).isEmpty();
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

            byte[] settings = socket.getInputStream().readNBytes(9);
            assertThat(settings[3]).as("type of the first frame").isEqualTo((byte) 4);
        }
        assertThat(listeners.warnings())
                .containsExactly(
                        "everybody on this host can use the daemon by tcp://127.0.0.1:" + port + ", which has no TLS");
    }

    @Test
    void endsOfTheFilesInUseAreKnown() throws Exception {
        assertThat(listeners.first(TlsPart.CERTIFICATE)).isEmpty();
        listen();

        assertThat(listeners.first(TlsPart.CERTIFICATE))
                .get()
                .satisfies(end -> assertThat(end).isAfter(Instant.now()));
        assertThat(listeners.first(TlsPart.AUTHORITY)).isPresent();
    }

    @Test
    void onlyLoopbackMayBeWithoutTls() throws Exception {
        TlsFiles nothing =
                new TlsFiles(folder.resolve("a"), folder.resolve("b"), folder.resolve("c"), folder.resolve("d"), false);

        assertThatThrownBy(() -> listeners.open(
                        new TcpSettings(List.of(InetSocketAddress.createUnresolved("0.0.0.0", 0)), true, nothing)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("there is no " + folder.resolve("a") + ", which TLS needs");
    }

    @Test
    void revocationsAreReadAgainAndEndOpenConnections() throws Exception {
        int port = listen();
        HttpClient alice = client(issued("alice").tls());
        HttpClient bob = client(issued("bob").tls());
        ask(alice, port);
        ask(bob, port);
        assertThat(connections().count()).isEqualTo(2);
        authority.revoke("alice");

        listeners.renewIfChanged();
        listeners.renewIfChanged();

        // The connection ends on a thread of its own.
        assertThat(List.of(nextLogged(), nextLogged()))
                .anyMatch(line -> line.startsWith("read the files of TLS again"))
                .anyMatch(line -> line.contains("CN=alice,") && line.endsWith(") is revoked"));
        assertThatThrownBy(() -> ask(alice, port)).isInstanceOf(IOException.class);
        assertThat(ask(bob, port)).startsWith("CN=bob,");
        assertThat(connections().count()).as("the same connection as before").isEqualTo(1);
    }

    @Test
    void renewedCertificateIsShown() throws Exception {
        int port = listen();
        RemoteIdentity alice = issued("alice");
        HttpClient before = client(alice.tls());
        ask(before, port);
        String serial = serial(alice, port);
        authority.begin(List.of("localhost", "127.0.0.1"));

        listeners.use(files());

        assertThat(serial(alice, port)).isNotEqualTo(serial);
        assertThat(ask(before, port)).startsWith("CN=alice,");
    }

    private static String serial(RemoteIdentity identity, int port) throws Exception {
        try (SSLSocket socket = (SSLSocket) identity.tls().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return ((java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString();
        }
    }

    @Test
    void filesWithAMistakeChangeNothing() throws Exception {
        int port = listen();
        RemoteIdentity alice = issued("alice");
        Files.copy(
                alice.folder().resolve("key.pem"),
                folder.resolve("pki/key.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        listeners.use(files());

        assertThat(nextLogged())
                .isEqualTo("the key in " + folder.resolve("pki/key.pem") + " is not that of the certificate in "
                        + folder.resolve("pki/cert.pem") + "; TLS stays as it was");
        assertThat(ask(alice, port)).startsWith("CN=alice,");
    }

    @Test
    void foreignRevocationsAreAMistake() throws Exception {
        Authority other = new Authority(folder.resolve("other"));
        other.begin(List.of("localhost"));
        Files.copy(
                folder.resolve("other/crl.pem"),
                folder.resolve("pki/crl.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(this::listen)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is signed by none of the authorities in");
    }

    @Test
    void giantHeadersAreRefusedAndOthersUnaffected() throws Exception {
        int port = listen();
        HttpClient alice = client(issued("alice").tls());
        HttpClient bob = client(issued("bob").tls());
        ask(bob, port);
        HttpRequest giant = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                .header("x-giant", "x".repeat(1 << 20))
                .timeout(PATIENCE)
                .build();

        assertThatThrownBy(() -> alice.send(giant, BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(ask(bob, port)).startsWith("CN=bob,");
        assertThat(ask(alice, port)).startsWith("CN=alice,");
    }

    @Test
    void addressInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> listeners.open(new TcpSettings(
                            List.of(InetSocketAddress.createUnresolved("127.0.0.1", taken.getLocalPort())),
                            true,
                            files())))
                    .isInstanceOf(HostException.class)
                    .hasMessageStartingWith("cannot listen on tcp://127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasMessageContaining("in use");
        }
    }

    private TcpConnections connections() {
        return ((UnixSocketTransport) ((io.vertx.core.impl.VertxInternal) vertx).transport()).tcpConnections();
    }

    /** All until the other side closes; a reset is an end too. */
    private static String read(InputStream in) throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }
}
