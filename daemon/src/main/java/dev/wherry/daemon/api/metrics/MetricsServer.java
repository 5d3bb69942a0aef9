package dev.wherry.daemon.api.metrics;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.daemon.namespace.NamespaceDaemons;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Answers {@code GET /metrics} on a port of loopback, or on a unix socket. The first daemon asks those of namespaces, which
 * answer on sockets of their own, and answers for all.
 */
@Singleton
public final class MetricsServer {

    private static final String UNIX = "unix://";
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int NOT_FOUND = 404;
    private static final int IDLE_SECONDS = 60;

    private static final int PATIENCE_SECONDS = 2;

    private static final Logger LOG = Logger.getLogger(MetricsServer.class);

    private final AtomicReference<HttpClient> client = new AtomicReference<>();
    private final Vertx vertx;
    private final ProcessGauges gauges;
    private final Optional<NamespaceName> namespace;
    private final Supplier<List<Path>> others;

    @Inject
    MetricsServer(Vertx vertx, ProcessGauges gauges, AccessSettings settings, NamespaceDaemons namespaces) {
        this(vertx, gauges, settings.namespace(), namespaces::metrics);
    }

    /** @param others the sockets of the daemons that this one answers for */
    MetricsServer(Vertx vertx, ProcessGauges gauges, Optional<NamespaceName> namespace, Supplier<List<Path>> others) {
        this.namespace = namespace;
        this.others = others;
        this.vertx = vertx;
        this.gauges = gauges;
    }

    /**
     * Begins to count, and to answer.
     *
     * @param address {@code HOST:PORT} or {@code unix:///PATH}, of a checked form
     * @return the port; -1 for a unix socket
     * @throws HostException when it cannot listen there
     */
    public int start(String address) {
        PrometheusMetrics metrics = new PrometheusMetrics(namespace);
        gauges.addTo(metrics);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(request -> answer(request, metrics));
        try {
            int port = server.listen(socket(address))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .actualPort();
            Metrics.sendTo(metrics);
            return port;
        } catch (ExecutionException failure) {
            throw new HostException(
                    "cannot listen on " + address + " for metrics: "
                            + failure.getCause().getMessage(),
                    failure.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while starting to listen on " + address, ending);
        }
    }

    private void answer(HttpServerRequest request, PrometheusMetrics metrics) {
        if (request.method() != HttpMethod.GET || !request.path().equals("/metrics")) {
            request.response().setStatusCode(NOT_FOUND).end("The metrics are at /metrics.\n");
            return;
        }
        // Some figures come from the database.
        Thread.ofVirtual()
                .name("metrics")
                .start(() ->
                        request.response().putHeader("Content-Type", FORMAT).end(all(metrics)));
    }

    private String all(PrometheusMetrics own) {
        List<String> texts = new ArrayList<>(List.of(own.text()));
        others.get().stream().map(this::ask).toList().forEach(answer -> {
            try {
                texts.add(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException noAnswer) {
                // It ends, or has just begun; the next answer may have its figures.
                LOG.debugf("a namespace is not among the metrics: %s", noAnswer);
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            }
        });
        return texts.size() == 1 ? texts.getFirst() : MetricFamilies.merged(texts);
    }

    private Future<String> ask(Path socket) {
        return client.updateAndGet(known -> known == null ? vertx.createHttpClient() : known)
                .request(new RequestOptions()
                        .setServer(SocketAddress.domainSocketAddress(socket.toString()))
                        .setHost("localhost")
                        .setURI("/metrics"))
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(body -> body.toString(StandardCharsets.UTF_8))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static SocketAddress socket(String address) {
        if (!address.startsWith(UNIX)) {
            int colon = address.lastIndexOf(':');
            return SocketAddress.inetSocketAddress(
                    Integer.parseInt(address.substring(colon + 1)),
                    address.substring(0, colon).replaceAll("[\\[\\]]", ""));
        }
        Path path = Path.of(address.substring(UNIX.length()));
        try {
            // A killed daemon leaves it.
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            throw new HostException("cannot remove " + path + ": " + failure.getMessage(), failure);
        }
        return SocketAddress.domainSocketAddress(path.toString());
    }
}
