package dev.wherry.daemon.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.TlsPart;
import dev.wherry.daemon.builder.BuildQueue;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsServerTest {

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private MetricsServer server;

    @BeforeEach
    void begin() {
        ProcessGauges gauges = new ProcessGauges(
                new PrivateStores(folder).database,
                new CallRunner(),
                new BuildQueue(new Quotas(AccessSettings.DEFAULT)),
                part -> Optional.of(Instant.now().plus(Duration.ofDays(20))).filter(_ -> part == TlsPart.CERTIFICATE));
        server = new MetricsServer(vertx, gauges, Optional.empty(), List::of);
    }

    @AfterEach
    void end() throws Exception {
        Metrics.drop();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + port + path);
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void whatIsReportedIsRead() throws Exception {
        Metrics.count(Metric.BUILDS, "lost");
        int port = server.start("127.0.0.1:0");
        Metrics.count(Metric.BUILDS, "completed");
        Metrics.count(Metric.BUILDS, "completed");
        Metrics.add(Metric.RECEIVED_BYTES, 4096);
        Metrics.time(Metric.STEP_TIME, Duration.ofMillis(200));

        HttpResponse<String> answer = get(port, "/metrics");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.body().lines())
                .contains(
                        "# TYPE wherry_builds_total counter",
                        "wherry_builds_total{status=\"completed\"} 2.0",
                        "wherry_registry_received_bytes_total 4096.0",
                        "wherry_build_step_seconds_bucket{le=\"0.05\"} 0",
                        "wherry_build_step_seconds_bucket{le=\"0.25\"} 1",
                        "wherry_build_step_seconds_count 1",
                        "wherry_containers{state=\"running\"} 0.0",
                        "wherry_calls_working 0.0")
                .noneMatch(line -> line.contains("lost"))
                .anyMatch(line -> line.matches("process_resident_memory_bytes [1-9].*"))
                .anyMatch(line -> line.startsWith("jvm_gc_collections_total "));
    }

    @Test
    void expiryOfTlsIsInSeconds() throws Exception {
        int port = server.start("127.0.0.1:0");

        assertThat(get(port, "/metrics").body().lines())
                .anyMatch(line -> line.matches("wherry_tls_expiry_seconds\\{part=\"certificate\"} 172[78][0-9.]+"))
                .contains("wherry_tls_expiry_seconds{part=\"authority\"} NaN");
    }

    @Test
    void dashboardAsksForWhatThereIs() throws Exception {
        int port = server.start("127.0.0.1:0");
        for (Metric metric : Metric.values()) {
            String[] labels = metric.labels().toArray(String[]::new);
            switch (metric.kind()) {
                case COUNTER -> Metrics.count(metric, labels);
                case TIMER -> Metrics.time(metric, Duration.ofSeconds(1), labels);
            }
        }
        String dashboard = Files.readString(Path.of("src/main/host/grafana-dashboard.json"));

        assertThat(Pattern.compile("(wherry|jvm|process)_[a-z_]+")
                        .matcher(dashboard)
                        .results()
                        .map(MatchResult::group))
                .isNotEmpty()
                .isSubsetOf(get(port, "/metrics")
                        .body()
                        .lines()
                        .map(line -> line.replaceFirst("[ {].*", ""))
                        .toList());
    }

    @Test
    void nothingElseIsThere() throws Exception {
        int port = server.start("127.0.0.1:0");

        assertThat(get(port, "/").statusCode()).isEqualTo(404);
    }

    @Test
    void unixSocketIsTakenOverFromAKilledDaemon() throws Exception {
        Path socket = folder.resolve("metrics.sock");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        try (var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(address);
        }
        server.start("unix://" + socket);

        try (SocketChannel client = SocketChannel.open(address)) {
            client.write(ByteBuffer.wrap("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.0 200")
                    .contains("wherry_images 0.0");
        }
    }

    @Test
    void usedPortIsSaid() {
        int port = server.start("127.0.0.1:0");

        assertThatThrownBy(() -> server.start("127.0.0.1:" + port))
                .isInstanceOf(HostException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port + " for metrics: ");
    }
}
