package dev.wherry.daemon.api.metrics;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps what is reported, and writes it as Prometheus reads it. */
final class PrometheusMetrics implements Metrics.Receiver {

    private static final Duration[] BOUNDS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** @param namespace a label of all that this process reports */
    PrometheusMetrics(Optional<NamespaceName> namespace) {
        namespace.ifPresent(name -> registry.config().commonTags("namespace", name.text()));
    }

    @Override
    public void count(Metric metric, double amount, String... labels) {
        Counter.builder(metric.title())
                .description(metric.help())
                .tags(tags(metric, labels))
                .register(registry)
                .increment(amount);
    }

    @Override
    public void time(Metric metric, Duration duration, String... labels) {
        Timer.builder(metric.title())
                .description(metric.help())
                .tags(tags(metric, labels))
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(duration);
    }

    /** Reports a value that is asked for when somebody looks. */
    void gauge(String name, String help, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).tags(tags).register(registry);
    }

    /** As {@link #gauge}, of a value that only grows. */
    void counter(String name, String help, Supplier<Number> value) {
        FunctionCounter.builder(name, value, supplier -> supplier.get().doubleValue())
                .description(help)
                .register(registry);
    }

    String text() {
        return registry.scrape();
    }

    private static Tags tags(Metric metric, String[] labels) {
        if (labels.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < labels.length; i++) {
            tags = tags.and(metric.labels().get(i), labels[i]);
        }
        return tags;
    }
}
