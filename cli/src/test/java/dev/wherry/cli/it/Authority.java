package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of {@code wherryd pki}, and a daemon that listens on TCP with them. */
final class Authority {

    private static final Pattern LISTENING = Pattern.compile("listening on (tcp://127\\.0\\.0\\.1:[0-9]+)");

    private static final Pattern LISTENING_FOR_DOCKER =
            Pattern.compile("listening on tcp://127\\.0\\.0\\.1:([0-9]+) for Docker's API");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Authority() {}

    /** A daemon with an authority of its own that listens on a free port. */
    static Daemon daemon() {
        return Daemon.onRootMadeBy(root -> pki(root, "init", "--name", "127.0.0.1"))
                .option("--listen", "tcp://127.0.0.1:0");
    }

    /** Runs {@code wherryd pki} on the root of a daemon. */
    static void pki(Path root, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Host.program("wherry.daemon", "--root", root.toString(), "pki"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    }

    /** The folder of a new certificate. */
    static Path issue(Daemon daemon, String name, String role) throws IOException, InterruptedException {
        Path folder = daemon.home().resolve(name);
        pki(daemon.root(), "issue", name, "--role", role, "--out", folder.toString());
        return folder;
    }

    /** The folder of an admin's certificate of another authority, that trusts the daemon's own. */
    static Path issueByAnother(Daemon daemon, String name) throws IOException, InterruptedException {
        Path other = Files.createDirectory(daemon.home().resolve("other-root"));
        pki(other, "init");
        Path folder = daemon.home().resolve(name);
        pki(other, "issue", name, "--role", "admin", "--out", folder.toString());
        Files.copy(daemon.root().resolve("pki/ca.pem"), folder.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }

    /** The address that the daemon listens on. */
    static String address(Daemon daemon) throws IOException {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(daemon.log()).containsPattern(LISTENING));
        Matcher line = LISTENING.matcher(daemon.log());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    /** The port where the daemon serves Docker's API. */
    static int dockerPort(Daemon daemon) throws IOException {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(daemon.log()).containsPattern(LISTENING_FOR_DOCKER));
        Matcher line = LISTENING_FOR_DOCKER.matcher(daemon.log());
        assertThat(line.find()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** What a client shows and trusts that has such a folder. */
    static SSLContext tls(Path identity) throws GeneralSecurityException, IOException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        try (InputStream authority = Files.newInputStream(identity.resolve("ca.pem"));
                InputStream own = Files.newInputStream(identity.resolve("cert.pem"))) {
            keys.setCertificateEntry("authority", certificates.generateCertificate(authority));
            keys.setKeyEntry(
                    "own",
                    key(identity.resolve("key.pem")),
                    new char[0],
                    certificates.generateCertificates(own).toArray(Certificate[]::new));
        }
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(keys, new char[0]);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
        String body = String.join(
                "",
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("-"))
                        .toList());
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    /** The environment of a client that connects by TCP. */
    static Map<String, String> variables(Daemon daemon, Path identity) throws IOException {
        return Map.of(
                "WHERRY_HOST", address(daemon), "WHERRY_TLS_VERIFY", "1", "WHERRY_CERT_PATH", identity.toString());
    }

    /** The flags of a client that connects by TCP. */
    static List<String> flags(Daemon daemon, Path identity) throws IOException {
        return List.of(
                "--host",
                address(daemon),
                "--tlscacert",
                identity.resolve("ca.pem").toString(),
                "--tlscert",
                identity.resolve("cert.pem").toString(),
                "--tlskey",
                identity.resolve("key.pem").toString());
    }
}
