package dev.wherry.daemon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that break off, lie, stall, flood, or lead elsewhere. */
class HostileRegistryTest {

    private static final byte[] BLOB = new byte[400_000];
    private static final Digest BLOB_DIGEST;

    static {
        new Random(2).nextBytes(BLOB);
        BLOB_DIGEST = Digest.sha256(BLOB);
    }

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private PrivateStores stores;
    private RemoteRepository repository;

    @BeforeEach
    void start() throws IOException {
        server = server();
        stores = new PrivateStores(folder);
        repository = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofMillis(400))
                .open(new RepositoryName(host(server), "app"));
    }

    private HttpServer server() throws IOException {
        HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        created.setExecutor(threads);
        created.start();
        return created;
    }

    private static String host(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private interface Handler {
        void handle(HttpExchange exchange, int request) throws IOException, InterruptedException;
    }

    private void blobs(Handler handler) {
        on("/v2/app/blobs/", handler);
    }

    private void on(String path, Handler handler) {
        AtomicLong requests = new AtomicLong();
        server.createContext(path, exchange -> {
            ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            try (exchange) {
                handler.handle(exchange, (int) requests.incrementAndGet());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static int rangeStart(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    }

    private byte[] fetch() {
        return fetch(BLOB.length);
    }

    private byte[] fetch(long size) {
        try (Lease lease = stores.leases.open()) {
            repository.fetch(lease, new Descriptor("x", BLOB_DIGEST, size), _ -> {});
            return stores.content.read(BLOB_DIGEST, BLOB.length);
        }
    }

    /** Answers a range request in full, or promises the rest and sends less of it. */
    private static void sendFrom(HttpExchange exchange, int from, int count) throws IOException {
        int rest = BLOB.length - from;
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (BLOB.length - 1) + "/*");
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest);
        exchange.getResponseBody().write(BLOB, from, Math.min(count, rest));
        exchange.getResponseBody().flush();
    }

    @Test
    void brokenConnectionsGoOnWhereTheyBroke() {
        blobs((exchange, _) -> sendFrom(exchange, rangeStart(exchange), 150_000));
        assertThat(fetch()).isEqualTo(BLOB);
        // Up to a buffer of what arrived just before the break may be lost and asked for again.
        assertThat(ranges).hasSizeGreaterThanOrEqualTo(3).first().isEqualTo("null");
        assertThat(ranges.subList(1, ranges.size()).stream()
                        .map(range -> Integer.parseInt(range.replaceAll("\\D", ""))))
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(start -> start > 0);
    }

    @Test
    void serverWithoutRangesIsReadFromTheBeginning() {
        blobs((exchange, request) -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, request == 1 ? 150_000 : BLOB.length);
        });
        assertThat(fetch()).isEqualTo(BLOB);
        assertThat(ranges).hasSize(2);
    }

    @Test
    void stalledBodyIsGivenUpAndGoesOn() {
        blobs((exchange, request) -> {
            sendFrom(exchange, rangeStart(exchange), request == 1 ? 100_000 : BLOB.length);
            if (request == 1) {
                Thread.sleep(5_000);
            }
        });
        assertThat(fetch()).isEqualTo(BLOB);
        assertThat(ranges).containsExactly("null", "bytes=100000-");
    }

    @Test
    void busyServerIsAskedAgain() {
        blobs((exchange, request) -> {
            if (request < 3) {
                send(exchange, 503, new byte[0]);
            } else {
                sendFrom(exchange, 0, BLOB.length);
            }
        });
        assertThat(fetch()).isEqualTo(BLOB);
    }

    @Test
    void truncatedBlobFailsAndKeepsWhatCame() {
        blobs((exchange, request) -> {
            if (request == 1) {
                sendFrom(exchange, 0, 100_000);
            } else {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + rangeStart(exchange) + "-/*");
                exchange.sendResponseHeaders(206, 0);
            }
        });
        assertThatThrownBy(this::fetch)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("registry " + host(server));
        assertThat(stores.content.contains(BLOB_DIGEST)).isFalse();
        try (var ingest = stores.content.ingest(BLOB_DIGEST.toString())) {
            assertThat(ingest.offset()).isPositive().isLessThanOrEqualTo(100_000);
        }
    }

    @Test
    void wrongBytesAreCorrupt() {
        blobs((exchange, _) -> send(exchange, 200, new byte[BLOB.length]));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining(BLOB_DIGEST.toString());
        assertThat(stores.content.contains(BLOB_DIGEST)).isFalse();
    }

    @Test
    void blobLongerThanItsManifestSaysIsCorrupt() {
        blobs((exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(BLOB);
            }
        });
        assertThatThrownBy(() -> fetch(BLOB.length - 1))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void missingBlobIsNotFound() {
        blobs((exchange, _) -> send(exchange, 404, new byte[0]));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("lacks " + BLOB_DIGEST);
    }

    @Test
    void hugeManifestIsNotRead() {
        AtomicLong written = new AtomicLong();
        on("/v2/app/manifests/", (exchange, _) -> {
            exchange.sendResponseHeaders(200, 100 << 20);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(new byte[1 << 20]);
                written.addAndGet(1 << 20);
            }
        });
        assertThatThrownBy(() -> repository.manifest("v1"))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("the manifest of " + host(server) + "/app:v1 is larger than the 4 MiB allowed for one");
        server.stop(0);
        assertThat(written).hasValueLessThan(64 << 20);
    }

    @Test
    void endlessManifestIsCutOff() {
        on("/v2/app/manifests/", (exchange, _) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        });
        assertThatThrownBy(() -> repository.manifest("v1")).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void manifestThatIsNotWhatItsDigestSaysIsCorrupt() {
        on("/v2/app/manifests/", (exchange, _) -> send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> repository.manifest(BLOB_DIGEST.toString()))
                .isInstanceOf(CorruptContentException.class);
    }

    @Test
    void manifestThatIsNotWhatTheHeaderSaysIsCorrupt() {
        on("/v2/app/manifests/", (exchange, _) -> {
            exchange.getResponseHeaders().set("Docker-Content-Digest", BLOB_DIGEST.toString());
            send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
        });
        assertThatThrownBy(() -> repository.manifest("v1")).isInstanceOf(CorruptContentException.class);
    }

    @Test
    void tokenIsNotShownToAnotherHost() throws IOException {
        List<String> shown = Collections.synchronizedList(new ArrayList<>());
        HttpServer elsewhere = server();
        elsewhere.createContext("/", exchange -> {
            shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            send(exchange, 200, BLOB);
            exchange.close();
        });
        on("/token", (exchange, _) -> send(exchange, 200, "{\"access_token\":\"secret\"}".getBytes()));
        blobs((exchange, _) -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (!"Bearer secret".equals(authorization)) {
                exchange.getResponseHeaders()
                        .set("WWW-Authenticate", "Bearer realm=\"http://" + host(server) + "/token\"");
                send(exchange, 401, new byte[0]);
            } else {
                exchange.getResponseHeaders().set("Location", "http://" + host(elsewhere) + "/data");
                send(exchange, 307, new byte[0]);
            }
        });
        assertThat(fetch()).isEqualTo(BLOB);
        assertThat(shown).containsExactly("null");
        elsewhere.stop(0);
    }

    @Test
    void redirectToPlainHttpElsewhereIsRefused() {
        blobs((exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "http://192.0.2.1/data");
            send(exchange, 307, new byte[0]);
        });
        assertThatThrownBy(this::fetch)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("192.0.2.1 without encryption");
    }

    @Test
    void redirectsEnd() {
        blobs((exchange, _) -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString());
            send(exchange, 302, new byte[0]);
        });
        assertThatThrownBy(this::fetch).hasMessageContaining("redirects more than");
    }

    @Test
    void refusalOfATokenIsDenial() {
        on("/token", (exchange, _) -> send(exchange, 403, new byte[0]));
        on("/v2/app/manifests/", (exchange, _) -> {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + host(server) + "/token\",service=\"s\"");
            send(exchange, 401, new byte[0]);
        });
        assertThatThrownBy(() -> repository.manifest("v1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("access to " + host(server) + "/app denied: it does not exist or needs a login");
    }

    @Test
    void serverThatAcceptsAndStaysSilentIsGivenUp() {
        on("/v2/app/manifests/", (_, _) -> Thread.sleep(5_000));
        assertThatThrownBy(() -> repository.manifest("v1"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("does not answer in time");
    }
}
