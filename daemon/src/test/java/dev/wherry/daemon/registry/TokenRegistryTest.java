package dev.wherry.daemon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.PushTarget.Outcome;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes to and pulls from a docker-registry that takes only signed tokens, which a service of this test's gives: alice
 * may do everything, bob may only pull, and nobody else gets any.
 */
class TokenRegistryTest {

    private static final String TYPE = "application/octet-stream";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path keys;

    private static PrivateKey key;
    private static Certificate certificate;

    @TempDir
    Path folder;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final byte[] blob = "the bytes of a blob".getBytes(StandardCharsets.UTF_8);
    private HttpServer service;
    private LocalRegistry registry;
    private PrivateStores stores;
    private Registries registries;

    @BeforeEach
    void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/token", this::give);
        service.start();
        registry = new LocalRegistry(
                folder.resolve("registry"), """
                auth:
                  token:
                    realm: http://127.0.0.1:%d/token
                    service: the registry
                    issuer: the issuer
                    rootcertbundle: %s
                """.formatted(service.getAddress().getPort(), keys.resolve("root.pem")));
        stores = new PrivateStores(folder.resolve("stores"));
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        registry.close();
        service.stop(0);
    }

    @BeforeAll
    static void makeKey() throws Exception {
        Path file = keys.resolve("key.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=issuer",
                        "-ext",
                        "bc:c",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(STORE_PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), STORE_PASSWORD);
        key = (PrivateKey) store.getKey("key", STORE_PASSWORD);
        certificate = store.getCertificate("key");
        Files.writeString(
                keys.resolve("root.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    /** Answers as the distribution token specification says. */
    private void give(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            boolean post = exchange.getRequestMethod().equals("POST");
            String query = post
                    ? new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    : exchange.getRequestURI().getRawQuery();
            asked.add(exchange.getRequestMethod() + " " + URLDecoder.decode(query, StandardCharsets.UTF_8));
            Optional<String> user = user(exchange, query);
            if (user.isEmpty()) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            List<String> scopes = Stream.of(query.split("&"))
                    .filter(field -> field.startsWith("scope="))
                    .map(field -> URLDecoder.decode(field.substring(6), StandardCharsets.UTF_8))
                    .flatMap(value -> Stream.of(value.split(" ")))
                    .toList();
            byte[] answer = JSON.writeValueAsBytes(
                    Map.of("token", token(user.get(), scopes), "refresh_token", "of " + user.get()));
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }

    private static Optional<String> user(HttpExchange exchange, String query) {
        String basic = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .map(header -> new String(Base64.getDecoder().decode(header.replace("Basic ", ""))))
                .orElse("");
        return Stream.of("alice", "bob")
                .filter(user -> basic.equals(user + ":secret") || query.contains("refresh_token=of+" + user))
                .findFirst();
    }

    private String token(String user, List<String> scopes) throws Exception {
        List<Map<String, Object>> access = scopes.stream()
                .map(scope -> scope.split(":"))
                .map(scope -> Map.<String, Object>of(
                        "type",
                        scope[0],
                        "name",
                        scope[1],
                        "actions",
                        user.equals("alice") ? List.of(scope[2].split(",")) : List.of("pull")))
                .toList();
        long now = Instant.now().getEpochSecond();
        Map<String, Object> header = Map.of(
                "typ",
                "JWT",
                "alg",
                "RS256",
                "x5c",
                List.of(Base64.getEncoder().encodeToString(certificate.getEncoded())));
        Map<String, Object> claims = Map.of(
                "iss",
                "the issuer",
                "sub",
                user,
                "aud",
                "the registry",
                "exp",
                now + 300,
                "nbf",
                now - 10,
                "iat",
                now,
                "access",
                access);
        String signed = encoded(JSON.writeValueAsBytes(header)) + "." + encoded(JSON.writeValueAsBytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encoded(signature.sign());
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private RegistryLogins login(RegistryLogin login) {
        return new RegistryLogins(Map.of(registry.host(), login));
    }

    private RepositoryName repository(String path) {
        return new RepositoryName(registry.host(), path);
    }

    private Outcome push(String path, RegistryLogins logins, Optional<RepositoryName> from) {
        return registries.target(repository(path), logins).add(BlobSource.of(TYPE, blob), from, _ -> {});
    }

    private void pull(String path, RegistryLogins logins) {
        try (Lease lease = stores.leases.open()) {
            registries
                    .open(repository(path), logins)
                    .fetch(lease, new Descriptor(TYPE, Digest.sha256(blob), blob.length), _ -> {});
        }
        assertThat(stores.content.contains(Digest.sha256(blob))).isTrue();
        stores.content.collect();
        assertThat(stores.content.contains(Digest.sha256(blob))).isFalse();
    }

    @Test
    void tokensOfAPasswordAllowWhatTheUserMay() {
        RegistryLogins alice = login(new RegistryLogin("alice", "secret", ""));
        RegistryLogins bob = login(new RegistryLogin("bob", "secret", ""));

        assertThat(push("one", alice, Optional.empty())).isEqualTo(Outcome.SENT);
        assertThat(push("one", alice, Optional.empty())).isEqualTo(Outcome.EXISTED);
        pull("one", bob);
        assertThatThrownBy(() -> push("two", bob, Optional.empty())).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> pull("one", RegistryLogins.NONE)).hasMessageContaining("denied");
        assertThatThrownBy(() -> pull("one", login(new RegistryLogin("alice", "wrong", ""))))
                .hasMessageContaining("denied")
                .hasMessageNotContaining("wrong");
        assertThat(asked).anyMatch(query -> query.contains("scope=repository:one:pull,push"));
    }

    @Test
    void blobIsMountedFromARepositoryThatTheTokenAllowsToo() {
        RegistryLogins alice = login(new RegistryLogin("alice", "secret", ""));
        push("from", alice, Optional.empty());

        assertThat(push("to", alice, Optional.of(repository("from")))).isEqualTo(Outcome.MOUNTED);
        pull("to", alice);
    }

    @Test
    void identityTokenTakesThePlaceOfThePassword() {
        push("one", login(new RegistryLogin("alice", "secret", "")), Optional.empty());
        asked.clear();

        pull("one", login(new RegistryLogin("", "", "of alice")));

        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst()).startsWith("POST grant_type=refresh_token").contains("repository:one:pull");
    }

    @Test
    void tokenOfTheRegistryNeedsNoService() throws Exception {
        push("one", login(new RegistryLogin("alice", "secret", "")), Optional.empty());
        asked.clear();

        pull("one", login(RegistryLogin.byToken(token("bob", List.of("repository:one:pull")))));
        RegistryLogins forOther = login(RegistryLogin.byToken(token("bob", List.of("repository:two:pull"))));
        assertThatThrownBy(() -> pull("one", forOther)).hasMessageContaining("denied");

        assertThat(asked).isEmpty();
        assertThatThrownBy(() -> RegistryLogin.byToken("a\nb")).isInstanceOf(InvalidInputException.class);
    }
}
