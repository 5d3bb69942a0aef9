package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Prometheus reads of the daemon. */
class MetricsIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void listen() throws Exception {
        daemon.option("--metrics-addr", "unix://" + socket());
        daemon.restart();
    }

    private static Path socket() {
        return daemon.runRoot().resolve("metrics.sock");
    }

    private static String metrics() throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            client.write(ByteBuffer.wrap("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void buildsContainersAndCallsAreCounted() throws Exception {
        Busybox.importInto(daemon);
        Project project = Project.of(daemon, "FROM busybox\nCOPY file /file\nRUN cat /file\n");
        project.file("file", "one");
        project.id();
        project.id();
        project.file("file", "two");
        project.id();
        daemon.wherry("run", "-d", "--name", "sleeps", "busybox", "sleep", "1000")
                .ok();
        daemon.wherry("inspect", "nothing").exits(1);

        await().untilAsserted(() -> assertThat(metrics().lines())
                .contains(
                        "wherry_builds_total{status=\"completed\"} 3.0",
                        "wherry_build_cache_misses_total{reason=\"files-changed\"} 1.0",
                        "wherry_containers{state=\"running\"} 1.0")
                .anyMatch(line -> line.startsWith("wherry_build_cache_misses_total{reason=\"parent-missed\"} "))
                .anyMatch(line -> line.startsWith("wherry_build_steps_total{result=\"cached\"} "))
                .anyMatch(line -> line.startsWith("wherry_build_step_seconds_count "))
                .anyMatch(line -> line.contains("method=\"wherry.v1.ContainerService/Inspect\"")
                        && line.contains("code=\"NOT_FOUND\""))
                .anyMatch(line -> line.matches("process_resident_memory_bytes [1-9].*"))
                .anyMatch(line -> line.matches("jvm_gc_collections_total [0-9].*")));
    }
}
