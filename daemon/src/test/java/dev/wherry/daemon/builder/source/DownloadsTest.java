package dev.wherry.daemon.builder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.builder.source.Downloads.Download;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {

    private static final FetchLimits LIMITS = new FetchLimits(1 << 16, 10, Duration.ofMillis(400));

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Downloads downloads;
    private Lease lease;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        stores = new PrivateStores(folder);
        downloads = new Downloads(stores.content, stores.database, LIMITS);
        lease = stores.leases.open();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void close() {
        lease.close();
        server.stop(0);
    }

    private String page(String path, HttpHandler handler) {
        server.createContext(path, handler);
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Download find(String url) {
        return downloads.find(url, Optional.empty(), lease, TransferListener.UNSEEN);
    }

    @Test
    void whatTheServerSaysIsUnchangedIsNotSentAgain() {
        AtomicInteger sent = new AtomicInteger();
        String url = page("/a", exchange -> {
            boolean known = "Sun, 06 Nov 1994 08:49:37 GMT"
                    .equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"));
            exchange.getResponseHeaders().set("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
            exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : 3);
            if (!known) {
                sent.incrementAndGet();
                exchange.getResponseBody().write("abc".getBytes());
            }
            exchange.close();
        });

        Download first = find(url);
        Download second = find(url);

        assertThat(second).isEqualTo(first);
        assertThat(first.digest()).isEqualTo(Digest.sha256("abc"));
        assertThat(first.modified()).isEqualTo(Instant.ofEpochSecond(784_111_777));
        assertThat(sent).hasValue(1);
    }

    @Test
    void contentThatWasCollectedIsFetchedAgainWhenItIsWanted() {
        String url = page("/a", exchange -> {
            boolean known = exchange.getRequestHeaders().containsKey("If-None-Match");
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : 3);
            if (!known) {
                exchange.getResponseBody().write("abc".getBytes());
            }
            exchange.close();
        });
        Download found = find(url);
        lease.close();
        stores.content.collect();
        lease = stores.leases.open();

        assertThat(find(url)).isEqualTo(found);
        assertThat(stores.content.contains(found.digest())).isFalse();
        downloads.bring(found, lease, TransferListener.UNSEEN);
        assertThat(stores.content.contains(found.digest())).isTrue();
    }

    @Test
    void serverThatStopsSendingIsGivenUp() {
        String url = page("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            sleep(5000);
        });

        assertThatThrownBy(() -> find(url))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("stopped sending");
    }

    @Test
    void serverThatTricklesIsGivenUp() {
        String url = page("/trickles", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                sleep(50);
            }
        });

        assertThatThrownBy(() -> find(url))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("sends no more than");
    }

    @Test
    void moreThanTheLimitIsNotTakenIn() {
        String url = page("/large", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 1000; i++) {
                    exchange.getResponseBody().write(new byte[1024]);
                }
            } catch (IOException ended) {
                // As it should be.
            }
            exchange.close();
        });

        assertThatThrownBy(() -> find(url))
                .isInstanceOf(ExhaustedException.class)
                .hasMessageContaining("65536 bytes")
                .hasMessageContaining("fetch-limit");
    }

    @Test
    void onlyWebAddressesWithoutPasswordsAreFetched() {
        for (String url : new String[] {"file:///etc/passwd", "http:///x", "http://a b/", "ftp://h/x"}) {
            assertThatThrownBy(() -> find(url))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no web address");
        }
        assertThatThrownBy(() -> find("http://user:secret@127.0.0.1/"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("secret");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
