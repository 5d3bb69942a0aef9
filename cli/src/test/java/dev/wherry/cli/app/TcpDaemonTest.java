package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.Console;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A daemon that is reached by TCP: which connections are made, and what is said of those that are not. */
@Timeout(60)
class TcpDaemonTest {
    private static final Path FILES = Path.of("src/test/resources/tls");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void certificatesOfBothSidesAreFoundInTheFolderOfTheConfiguration() throws Exception {
        install("client");
        try (FakeDaemon daemon = new FakeDaemon(tls("server", "TLSv1.3"))) {
            environment.put("WHERRY_CONFIG", folder.toString());
            environment.put("WHERRY_HOST", "tcp://localhost:" + daemon.port());

            assertThat(run("volume", "inspect", "data")).as(err.toString()).isZero();
            assertThat(out.toString()).contains("\"Name\": \"data\"");
        }
    }

    @Test
    void addressMayBeThatOfTheCertificate() throws Exception {
        install("client");
        try (FakeDaemon daemon = new FakeDaemon(tls("server", "TLSv1.3"))) {
            environment.put("WHERRY_CERT_PATH", folder.toString());
            environment.put("WHERRY_TLS_VERIFY", "1");

            assertThat(run("-H", "tcp://127.0.0.1:" + daemon.port(), "--tls=false", "volume", "inspect", "data"))
                    .as(err.toString())
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "server~ca~other-client~the server refuses the certificate in CERT: it is revoked, or not from a CA that the server trusts",
                "server~other-ca~client~the certificate of the server is not from the CA in CA",
                "elsewhere~ca~client~the certificate of the server is not for the name localhost",
                "past-server~ca~client~the certificate of the server has expired",
            })
    void refusalOfEitherSideIsExplained(String server, String ca, String client, String reason) throws Exception {
        Path cert = FILES.resolve(client + ".pem");
        Path trusted = FILES.resolve(ca + ".pem");
        try (FakeDaemon daemon = new FakeDaemon(tls(server, "TLSv1.3"))) {
            String host = "tcp://localhost:" + daemon.port();

            assertThat(call(host, trusted, cert, client)).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("wherry: cannot connect to wherryd at " + host + ": "
                            + reason.replace("CERT", cert.toString()).replaceFirst("CA$", trusted.toString()) + "\n");
        }
    }

    @Test
    void expiredCertificateOfTheClientIsNotSent() throws Exception {
        Path cert = FILES.resolve("past-client.pem");

        assertThat(call("tcp://localhost:1", FILES.resolve("ca.pem"), cert, "past-client"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("wherry: the client certificate " + cert + " has expired\n");
    }

    @Test
    void olderTlsIsNotSpoken() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(tls("server", "TLSv1.2"))) {
            String host = "tcp://localhost:" + daemon.port();

            assertThat(call(host, FILES.resolve("ca.pem"), FILES.resolve("client.pem"), "client"))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo(
                            "wherry: cannot connect to wherryd at " + host + ": the server does not speak TLS 1.3\n");
        }
    }

    @Test
    void tlsIsSwitchedOffForTheLoopbackInterfaceOnly() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(InsecureServerCredentials.create())) {
            String host = "tcp://127.0.0.1:" + daemon.port();

            assertThat(run("--tls=false", "-H", host, "volume", "inspect", "data"))
                    .as(err.toString())
                    .isZero();
            assertThat(call(host, FILES.resolve("ca.pem"), FILES.resolve("client.pem"), "client"))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("wherry: cannot connect to wherryd at " + host + ": the server does not speak TLS\n");
        }
    }

    @Test
    void serverOfTlsIsNotSpokenToWithoutIt() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(tls("server", "TLSv1.3"))) {
            String host = "tcp://127.0.0.1:" + daemon.port();

            assertThat(run("--tls=false", "-H", host, "volume", "inspect", "data"))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("wherry: lost the connection to wherryd at " + host
                            + ": did it stop, or does it need TLS?\n");
        }
    }

    @Test
    void portWhereNobodyListensIsRefused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String host = "tcp://127.0.0.1:" + port;

        assertThat(run("--tls=false", "-H", host, "run", "app")).isEqualTo(125);
        assertThat(err.toString())
                .isEqualTo("wherry: cannot connect to wherryd at " + host
                        + ": connection refused: is wherryd running, and does it listen there?\n");
    }

    @Test
    void serverThatClosesTheConnectionIsLost() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> closeEach(socket));
            String host = "tcp://127.0.0.1:" + socket.getLocalPort();

            assertThat(call(host, FILES.resolve("ca.pem"), FILES.resolve("client.pem"), "client"))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("wherry: lost the connection to wherryd at " + host + ": did it stop?\n");
        }
    }

    private static void closeEach(ServerSocket socket) {
        try {
            while (true) {
                try (Socket connection = socket.accept()) {
                    connection.shutdownOutput();
                    connection.getInputStream().readAllBytes();
                }
            }
        } catch (java.io.IOException closed) {
            // The test is over.
        }
    }

    /** Puts the files of a client where they are looked for. */
    private void install(String client) throws Exception {
        Files.copy(FILES.resolve("ca.pem"), folder.resolve("ca.pem"));
        Files.copy(FILES.resolve(client + ".pem"), folder.resolve("cert.pem"));
        Files.copy(FILES.resolve(client + "-key.pem"), folder.resolve("key.pem"));
    }

    private static ServerCredentials tls(String server, String protocol) throws Exception {
        return NettySslContextServerCredentials.create(server(server, protocol)
                .trustManager(FILES.resolve("ca.pem").toFile())
                .build());
    }

    private static SslContextBuilder server(String name, String protocol) throws Exception {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(
                        FILES.resolve(name + ".pem").toFile(),
                        FILES.resolve(name + "-key.pem").toFile()))
                .protocols(protocol)
                .clientAuth(ClientAuth.REQUIRE);
    }

    private int call(String host, Path ca, Path cert, String key) {
        return run(
                "-H",
                host,
                "--tlscacert",
                ca.toString(),
                "--tlscert=" + cert,
                "--tlskey=" + FILES.resolve(key + "-key.pem"),
                "volume",
                "inspect",
                "data");
    }

    private int run(String... words) {
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true),
                new PrintStream(err, true),
                false,
                false,
                false,
                environment);
        return CommandRunner.run(console, words).code();
    }
}
