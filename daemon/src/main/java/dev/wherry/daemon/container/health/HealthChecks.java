package dev.wherry.daemon.container.health;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs the health checks of containers, by docker's rules: the first after one interval, one at a time, failures in the
 * start period forgiven until the first success. What they say is kept with the container, so that a new daemon goes on
 * where the last one ended. A paused container is left alone.
 */
@Singleton
public final class HealthChecks {

    private static final int LARGEST_OUTPUT = 4096;
    private static final int NOT_RUN = -1;

    private final Containers containers;
    private final Lifecycle lifecycle;
    private final Events events;
    private final Probe probe;
    /** Who watches a container, by its ID: only the last one goes on. */
    private final Map<String, Object> watches = new ConcurrentHashMap<>();

    private volatile boolean closed;

    HealthChecks(Containers containers, Lifecycle lifecycle, Events events, Probe probe) {
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.events = events;
        this.probe = probe;
    }

    /** Watches the containers that run, and those that will. Call once, after the containers have been recovered. */
    public void begin() {
        events.onEvent(event -> {
            if (event.type().equals(Event.CONTAINER)
                    && (event.action().equals("start") || event.action().equals("unpause"))) {
                watch(event.actor());
            }
        });
        containers.list(false).forEach(container -> watch(container.id()));
    }

    /** Checks nothing more. */
    public void close() {
        closed = true;
    }

    private void watch(String id) {
        Optional<Container> found = containers.find(id);
        if (found.isPresent() && found.get().settings().request().health().isAsked()) {
            Object watch = new Object();
            watches.put(id, watch);
            Background.start("health-" + found.get().shortId(), () -> watch(id, watch));
        }
    }

    private void watch(String id, Object watch) throws InterruptedException {
        try {
            Optional<Container> container = running(id, watch);
            while (container.isPresent() && pause(container.get(), watch)) {
                Health.Result result = check(container.get());
                record(container.get(), result);
                container = running(id, watch);
            }
        } finally {
            watches.remove(id, watch);
        }
    }

    private Optional<Container> running(String id, Object watch) {
        return containers
                .find(id)
                .filter(found -> found.state() == State.RUNNING && watches.get(id) == watch && !closed);
    }

    /** Waits for the time of the next check; false if there is none, since the container stopped or paused. */
    private boolean pause(Container container, Object watch) throws InterruptedException {
        Instant now = Instant.now();
        return lifecycle.keepsRunning(
                container,
                Duration.between(now, due(container, now)),
                () -> watches.get(container.id()) == watch && !closed);
    }

    private static Instant due(Container container, Instant last) {
        HealthCheck check = container.settings().request().health();
        return isStarting(container, check, last)
                ? check.nextWhileStarting(last, container.startedAt().orElse(last))
                : last.plus(check.interval());
    }

    private static boolean isStarting(Container container, HealthCheck check, Instant time) {
        boolean never = container
                .health()
                .filter(health -> !health.status().equals(Health.STARTING))
                .isEmpty();
        return never
                && container
                        .startedAt()
                        .filter(start -> time.isBefore(start.plus(check.startPeriod())))
                        .isPresent();
    }

    private Health.Result check(Container container) throws InterruptedException {
        HealthCheck check = container.settings().request().health();
        Instant start = Instant.now();
        int code = NOT_RUN;
        String output;
        try {
            Probe.Result result = probe.run(
                    container.id(),
                    ExecConfig.of(check.command(container.settings().shell())),
                    check.timeout(),
                    LARGEST_OUTPUT);
            code = result.timedOut() ? NOT_RUN : result.code().value();
            output = result.timedOut()
                    ? exceeded(check.timeout(), result.output())
                    : new String(result.output(), StandardCharsets.UTF_8);
        } catch (WherryException failure) {
            output = failure.getMessage();
        }
        return new Health.Result(nanos(start), nanos(Instant.now()), code, output);
    }

    private static String exceeded(Duration timeout, byte[] output) {
        String time = timeout.toMillis() < 1000 ? timeout.toMillis() + "ms" : timeout.toMillis() / 1000.0 + "s";
        String written = new String(output, StandardCharsets.UTF_8);
        return "Health check exceeded timeout (" + time.replace(".0s", "s") + ")"
                + (written.isEmpty() ? "" : ": " + written);
    }

    private void record(Container checked, Health.Result result) {
        HealthCheck check = checked.settings().request().health();
        lifecycle.recordHealth(
                checked,
                now -> now.health()
                        .orElse(Health.UNKNOWN)
                        .after(result, isStarting(now, check, Instant.now()), check.allowedFailures()));
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }
}
