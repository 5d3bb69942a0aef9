package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a collector of OpenTelemetry is told of builds. */
class TracesIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final StringBuffer received = new StringBuffer();
    private static HttpServer collector;

    @BeforeAll
    static void collect() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            // Bytes as they are: texts can be looked for in them, and so can IDs.
            received.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        daemon.option(
                "--otlp-endpoint", "http://127.0.0.1:" + collector.getAddress().getPort());
        daemon.restart();
    }

    @AfterAll
    static void end() {
        collector.stop(0);
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    @Test
    void buildIsATraceOfItsClientWithASpanForEachStep() throws IOException, InterruptedException {
        Busybox.importInto(daemon);
        Project project = Project.of(daemon, "FROM busybox\nRUN echo traced > /file\n");

        String[] command = {"build", "-q", project.folder().toString()};
        ProcessBuilder client = new ProcessBuilder(Host.program("wherry.cli", command));
        client.environment().put("WHERRY_HOST", "unix://" + daemon.socket());
        client.environment().put("TRACEPARENT", "00-" + TRACE + "-" + CALLER + "-01");
        Outcome.of(List.of(command), client.start(), Duration.ofSeconds(60)).ok();

        await().untilAsserted(() -> assertThat(received.toString())
                .contains("wherryd", "build", "RUN echo traced", "wherry.step", "wherry.image")
                .contains(bytes(TRACE))
                .contains(bytes(CALLER)));
    }
}
