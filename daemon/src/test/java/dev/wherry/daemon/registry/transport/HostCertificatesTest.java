package dev.wherry.daemon.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate that nobody signed, and which wants to see one of its client. */
class HostCertificatesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private Path certificates;
    private HttpsServer server;
    private KeyStore own;
    private KeyStore client;

    @BeforeEach
    void start() throws Exception {
        own = made("server", "-ext", "san=ip:127.0.0.1");
        client = made("client");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", client.getCertificate("client"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        certificates = Files.createDirectories(folder.resolve("certs.d/" + host()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private KeyStore made(String name, String... extra) throws Exception {
        Path file = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString()));
        command.addAll(List.of(extra));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private void write(String file, String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                certificates.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private int status() throws IOException {
        HttpTransport transport = new HttpTransport(_ -> false, Duration.ofSeconds(10), "")
                .withCertificates(() -> folder.resolve("certs.d"));
        try (RegistryResponse answer = transport.get(URI.create("https://" + host() + "/v2/"), Map.of())) {
            return answer.status();
        }
    }

    @Test
    void hostIsSpokenToByItsOwnCertificates() throws Exception {
        assertThatThrownBy(this::status).isInstanceOf(SSLException.class);
        write("ca.crt", "CERTIFICATE", own.getCertificate("server").getEncoded());
        write("client.cert", "CERTIFICATE", client.getCertificate("client").getEncoded());
        write("client.key", "PRIVATE KEY", client.getKey("client", PASSWORD).getEncoded());
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void brokenFilesAreNamed() throws Exception {
        write("ca.crt", "CERTIFICATE", own.getCertificate("server").getEncoded());
        write("client.cert", "CERTIFICATE", client.getCertificate("client").getEncoded());
        Files.writeString(certificates.resolve("client.key"), "no key");
        assertThatThrownBy(this::status)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(certificates.toString())
                .hasMessageContaining("client.key");
    }
}
