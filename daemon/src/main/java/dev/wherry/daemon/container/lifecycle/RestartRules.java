package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.error.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules of restart policies, as docker has them: when a container is started again that has ended by itself, and how
 * long that waits. Who stopped a container by hand has the last word until it is started by hand.
 */
final class RestartRules {

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    /** A container that ran so long did work: the next delay is the shortest again. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private RestartRules() {}

    /** How long to wait before a container that has ended is started again; empty when it is not. */
    static Optional<Duration> delay(Container container, LiveContainer live, Exit exit, Instant end) {
        if (container.status().stoppedByHand() || !wants(container, exit.code())) {
            return Optional.empty();
        }
        Duration ran = Duration.between(container.startedAt().orElse(end), end);
        live.delay = live.delay.isZero() || ran.compareTo(LONG_ENOUGH) >= 0
                ? SHORTEST_DELAY
                : live.delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? live.delay.multipliedBy(2) : LONGEST_DELAY;
        return Optional.of(live.delay);
    }

    private static boolean wants(Container container, ExitCode exitCode) {
        RestartPolicy policy = container.settings().request().restart();
        return switch (policy.name()) {
            case NO -> false;
            case ALWAYS, UNLESS_STOPPED -> true;
            case ON_FAILURE ->
                !exitCode.isSuccess()
                        && (policy.maximumRetries() == 0 || container.restarts() < policy.maximumRetries());
        };
    }

    /** Whether a new daemon starts a container that does not run. */
    static boolean isDueAtStart(Container container) {
        return switch (container.state()) {
            case RESTARTING -> true;
            case EXITED ->
                switch (container.settings().request().restart().name()) {
                    case ALWAYS -> true;
                    case UNLESS_STOPPED -> !container.status().stoppedByHand();
                    case NO, ON_FAILURE -> false;
                };
            case CREATED, RUNNING, PAUSED -> false;
        };
    }
}
