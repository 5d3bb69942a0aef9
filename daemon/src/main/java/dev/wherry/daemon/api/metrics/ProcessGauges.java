package dev.wherry.daemon.api.metrics;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.TlsExpiry;
import dev.wherry.daemon.api.server.TlsPart;
import dev.wherry.daemon.builder.BuildQueue;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.metadata.Census;
import dev.wherry.daemon.metadata.Database;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** What is looked at when somebody asks: containers, calls, and the daemon's own process. */
@Singleton
final class ProcessGauges {

    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final int PAGE = 4096;
    private static final double MILLIS = 1000;

    private final Database database;
    private final CallRunner calls;
    private final BuildQueue builds;
    private final TlsExpiry tls;

    ProcessGauges(Database database, CallRunner calls, BuildQueue builds, TlsExpiry tls) {
        this.tls = tls;
        this.builds = builds;
        this.database = database;
        this.calls = calls;
    }

    void addTo(PrometheusMetrics metrics) {
        for (State state : State.values()) {
            metrics.gauge(
                    "wherry.containers",
                    "Containers by state.",
                    Tags.of("state", state.toString()),
                    () -> Census.take(database).containersByState().getOrDefault(state.toString(), 0));
        }
        metrics.gauge(
                "wherry.images",
                "Images that have a name or are in use.",
                Tags.empty(),
                () -> Census.take(database).images());
        metrics.gauge("wherry.calls.working", "Calls whose work goes on.", Tags.empty(), calls::working);
        metrics.gauge(
                "wherry.builds.waiting",
                "Builds that wait for others of the same quota.",
                Tags.empty(),
                builds::waiting);
        for (TlsPart part : TlsPart.values()) {
            metrics.gauge(
                    "wherry.tls.expiry.seconds",
                    "How long files of TLS are good for, by the first to expire; NaN where none does.",
                    Tags.of("part", part.label()),
                    () -> tls.first(part)
                            .map(end -> (double)
                                    Duration.between(Instant.now(), end).toSeconds())
                            .orElse(Double.NaN));
        }
        metrics.gauge("process.resident.memory.bytes", "Memory of the daemon.", Tags.empty(), ProcessGauges::resident);
        metrics.gauge(
                "jvm.memory.used.bytes",
                "Heap in use, with what is not collected yet.",
                Tags.empty(),
                () -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        metrics.counter(
                "jvm.gc.collections",
                "Collections of garbage.",
                () -> collectors(GarbageCollectorMXBean::getCollectionCount));
        metrics.counter(
                "jvm.gc.seconds",
                "Time that they took.",
                () -> collectors(GarbageCollectorMXBean::getCollectionTime) / MILLIS);
    }

    private static long collectors(java.util.function.ToLongFunction<GarbageCollectorMXBean> figure) {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(figure)
                .filter(value -> value > 0)
                .sum();
    }

    /** The second figure of the file: pages in memory. */
    private static long resident() {
        try {
            return Long.parseLong(Files.readString(MEMORY).split(" ")[1]) * PAGE;
        } catch (IOException | RuntimeException unknown) {
            return 0;
        }
    }
}
