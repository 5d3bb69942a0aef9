package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.error.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules of restart policies: when a container is started again that has ended by itself, and how long that waits, as
 * docker has them. Who stopped a container by hand has the last word until it is started by hand. Unlike docker's, a
 * policy survives a start that fails.
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
        if (ran.compareTo(LONG_ENOUGH) >= 0) {
            live.delay = Duration.ZERO;
        }
        return Optional.of(nextDelay(live));
    }

    /** How long to wait before the next start: longer each time. */
    static Duration nextDelay(LiveContainer live) {
        Duration doubled = live.delay.isZero() ? SHORTEST_DELAY : live.delay.multipliedBy(2);
        live.delay = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
        return live.delay;
    }

    /**
     * Whether a start by the policy that failed is tried again. What the host lacked may be there then, as soon after a
     * boot; a program that is not in the container is not.
     */
    static boolean isRetried(Container container, Exit exit) {
        return exit.code().equals(ExitCode.RUNTIME_FAILED) && wants(container, exit.code());
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
