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
import dev.wherry.daemon.registry.PushTarget.Outcome;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that go from one registry to another as they arrive, where the first one cuts, lies or lacks. */
class RemoteBlobTest {

    private static final String TYPE = "application/octet-stream";

    @TempDir
    Path folder;

    private final byte[] bytes = new byte[3_000_000];
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Descriptor blob;
    private HttpServer server;
    private Registries registries;

    @BeforeEach
    void start() throws IOException {
        new Random(5).nextBytes(bytes);
        blob = new Descriptor(TYPE, Digest.sha256(bytes), bytes.length);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        PrivateStores stores = new PrivateStores(folder.resolve("stores"));
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private RemoteRepository source() {
        return registries.open(
                new RepositoryName("127.0.0.1:" + server.getAddress().getPort(), "app"));
    }

    /** Serves what it has, at most some bytes in one answer though it announces all of them. */
    private void serve(byte[] content, int most, boolean knowsRanges) {
        server.createContext("/v2/app/blobs/", exchange -> {
            try (exchange) {
                String range = exchange.getRequestHeaders().getFirst("Range");
                ranges.add(String.valueOf(range));
                int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
                if (from > 0) {
                    exchange.getResponseHeaders()
                            .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
                }
                exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
                int count = knowsRanges || ranges.size() > 1 ? Math.min(most, content.length - from) : most / 2;
                exchange.getResponseBody().write(content, from, count);
                exchange.getResponseBody().flush();
                cut(exchange, from + count < content.length);
            }
        });
    }

    private static void cut(HttpExchange exchange, boolean early) throws IOException {
        if (early) {
            throw new IOException("cut");
        }
        exchange.getResponseBody().close();
    }

    @Test
    void brokenConnectionsOfTheSourceGoOnWhileTheTargetWaits() throws Exception {
        serve(bytes, 1_200_000, true);
        try (LocalRegistry registry = new LocalRegistry(folder.resolve("registry"))) {
            PushTarget target = registries.target(new RepositoryName(registry.host(), "app"), RegistryLogins.NONE);
            assertThat(target.add(source().blob(blob), Optional.empty(), _ -> {}))
                    .isEqualTo(Outcome.SENT);
            RemoteRepository copy = registries.open(new RepositoryName(registry.host(), "app"));
            assertThat(copy.read(blob, bytes.length)).isEqualTo(bytes);
        }
        assertThat(ranges)
                .hasSizeGreaterThan(2)
                .startsWith("null")
                .element(1)
                .asString()
                .startsWith("bytes=");
    }

    @Test
    void sourceWithoutRangesIsReadAgain() {
        serve(bytes, bytes.length, false);
        assertThat(source().read(blob, bytes.length)).isEqualTo(bytes);
        assertThat(ranges).hasSize(2);
    }

    @Test
    void wrongBytesNeverBecomeABlob() throws Exception {
        byte[] wrong = bytes.clone();
        wrong[7]++;
        serve(wrong, wrong.length, true);
        try (LocalRegistry registry = new LocalRegistry(folder.resolve("registry"))) {
            PushTarget target = registries.target(new RepositoryName(registry.host(), "app"), RegistryLogins.NONE);
            assertThatThrownBy(() -> target.add(source().blob(blob), Optional.empty(), _ -> {}))
                    .isInstanceOf(CorruptContentException.class)
                    .hasMessageContaining("127.0.0.1:" + server.getAddress().getPort());
            assertThat(target.has(blob.digest())).isFalse();
        }
        assertThatThrownBy(() -> source().read(blob, bytes.length)).isInstanceOf(CorruptContentException.class);
        assertThatThrownBy(() -> source().read(blob, bytes.length - 1)).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void missingBlobIsTheFaultOfTheSource() throws Exception {
        server.createContext("/v2/app/blobs/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(404, -1);
            }
        });
        try (LocalRegistry registry = new LocalRegistry(folder.resolve("registry"))) {
            PushTarget target = registries.target(new RepositoryName(registry.host(), "app"), RegistryLogins.NONE);
            assertThatThrownBy(() -> target.add(source().blob(blob), Optional.empty(), _ -> {}))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("lacks " + blob.digest());
        }
    }

    @Test
    void partsAreReadFromAnyPlace() throws IOException {
        serve(bytes, 700_000, true);
        BlobSource source = source().blob(blob);
        try (InputStream all = source.open(0);
                InputStream end = source.open(2_500_000)) {
            assertThat(end.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 2_500_000, bytes.length));
            assertThat(all.readAllBytes()).isEqualTo(bytes);
        }
    }
}
