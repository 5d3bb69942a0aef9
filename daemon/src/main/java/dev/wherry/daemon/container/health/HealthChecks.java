package dev.wherry.daemon.container.health;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.lifecycle.Live;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.Health;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.error.NotFoundException;
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
import org.jboss.logging.Logger;

/**
 * Runs the health checks of containers, by docker's rules: the first after one interval, one at a time, failures in the
 * start period forgiven until the first success. What they say is kept with the container, so that a new daemon goes on
 * where the last one ended. A paused container is left alone.
 */
@Singleton
public final class HealthChecks {

    private static final Logger LOG = Logger.getLogger(HealthChecks.class);
    private static final int LARGEST_OUTPUT = 4096;
    private static final int NOT_RUN = -1;

    private final Containers containers;
    private final Events events;
    private final Probe probe;
    /** Who watches a container, by its ID: only the last one goes on. */
    private final Map<String, Object> watches = new ConcurrentHashMap<>();

    private volatile boolean closed;

    HealthChecks(Containers containers, Events events, Probe probe) {
        this.containers = containers;
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
        Optional<Container> found = find(id);
        if (found.isPresent() && found.get().settings().request().health().isAsked()) {
            Object watch = new Object();
            watches.put(id, watch);
            Thread.ofVirtual().name("health-" + found.get().shortId()).start(() -> watch(id, watch));
        }
    }

    private void watch(String id, Object watch) {
        try {
            Optional<Container> container = running(id, watch);
            while (container.isPresent() && pause(container.get(), watch)) {
                Health.Result result = check(container.get());
                record(container.get(), result);
                container = running(id, watch);
            }
        } catch (InterruptedException end) {
            // Nobody needs to know any more.
        } catch (WherryException failure) {
            LOG.warnf("the health of container %s is watched no more: %s", id.substring(0, 12), failure.getMessage());
        } finally {
            watches.remove(id, watch);
        }
    }

    private Optional<Container> running(String id, Object watch) {
        return find(id).filter(found -> found.state() == State.RUNNING && watches.get(id) == watch && !closed);
    }

    private Optional<Container> find(String id) {
        try {
            return Optional.of(containers.get(id));
        } catch (NotFoundException removed) {
            return Optional.empty();
        }
    }

    /** Waits for the time of the next check; false when there is none, since the container has stopped or paused. */
    private boolean pause(Container container, Object watch) throws InterruptedException {
        Live live = containers.live(container);
        live.lock.lockInterruptibly();
        try {
            Instant now = Instant.now();
            long left = Duration.between(now, due(container, now)).toNanos();
            while (left > 0) {
                if (running(container.id(), watch)
                        .filter(same -> same.startedAt().equals(container.startedAt()))
                        .isEmpty()) {
                    return false;
                }
                left = live.changed.awaitNanos(left);
            }
            return running(container.id(), watch).isPresent();
        } finally {
            live.lock.unlock();
        }
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
            code = result.timedOut() ? NOT_RUN : result.code();
            output = result.timedOut()
                    ? "Health check exceeded timeout (" + check.timeout().toMillis() / 1000.0 + "s" + ")"
                    : new String(result.output(), StandardCharsets.UTF_8);
        } catch (WherryException failure) {
            output = failure.getMessage();
        }
        return new Health.Result(nanos(start), nanos(Instant.now()), code, output);
    }

    private void record(Container checked, Health.Result result) {
        HealthCheck check = checked.settings().request().health();
        Live live = containers.live(checked);
        live.lock.lock();
        try {
            find(checked.id())
                    .filter(now ->
                            now.state() == State.RUNNING && now.startedAt().equals(checked.startedAt()))
                    .ifPresent(now -> containers.checked(
                            now,
                            now.health()
                                    .orElse(Health.UNKNOWN)
                                    .after(result, isStarting(now, check, Instant.now()), check.allowedFailures())));
        } finally {
            live.lock.unlock();
        }
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }
}
