package dev.wherry.daemon.api.metrics;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** Answers {@code GET /metrics} on a port of loopback, or on a unix socket. */
@Singleton
public final class MetricsServer {

    private static final String UNIX = "unix://";
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int NOT_FOUND = 404;
    private static final int IDLE_SECONDS = 60;

    private final Vertx vertx;
    private final ProcessGauges gauges;

    MetricsServer(Vertx vertx, ProcessGauges gauges) {
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
        PrometheusMetrics metrics = new PrometheusMetrics();
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

    private static void answer(HttpServerRequest request, PrometheusMetrics metrics) {
        if (request.method() != HttpMethod.GET || !request.path().equals("/metrics")) {
            request.response().setStatusCode(NOT_FOUND).end("The metrics are at /metrics.\n");
            return;
        }
        // Some figures come from the database.
        Thread.ofVirtual()
                .name("metrics")
                .start(() ->
                        request.response().putHeader("Content-Type", FORMAT).end(metrics.text()));
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
