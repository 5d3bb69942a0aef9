package dev.wherry.daemon.container;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a container stands in its life, with what is known of its last run.
 *
 * @param pid of its first process as the host sees it; 0 when it does not run
 * @param pidStart when that process was started, in clock ticks since boot: with {@code pid} it names the process
 * @param exitCode of the last run
 * @param error why the last run could not start or how it was lost; empty otherwise
 * @param startedAt empty when it never ran
 * @param finishedAt empty when it never stopped, or runs
 * @param bootId the boot that it ran in last
 * @param restarts how often its restart policy has started it since somebody did
 * @param stoppedByHand whether somebody stopped it, so that its restart policy lets it be
 * @param health empty when it has no health check, or never ran
 */
public record Status(
        State state,
        int pid,
        long pidStart,
        int exitCode,
        String error,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        String bootId,
        int restarts,
        boolean stoppedByHand,
        Optional<Health> health) {

    public static final Status CREATED =
            new Status(State.CREATED, 0, 0, 0, "", Optional.empty(), Optional.empty(), "", 0, false, Optional.empty());

    /** Runs as this process. */
    public Status running(int pid, long pidStart, String bootId, Instant time, Optional<Health> health) {
        return new Status(
                State.RUNNING,
                pid,
                pidStart,
                0,
                "",
                Optional.of(time),
                Optional.empty(),
                bootId,
                restarts,
                stoppedByHand,
                health);
    }

    /** Does not run any more: exited, or about to be restarted. */
    public Status ended(State next, Exit exit, Instant time) {
        return new Status(
                next,
                0,
                0,
                exit.code().value(),
                exit.error(),
                startedAt,
                Optional.of(time),
                bootId,
                restarts,
                stoppedByHand,
                health);
    }

    /** Could not be started, and nobody tries again. */
    public Status notStarted(Exit exit) {
        return notStarted(state == State.RESTARTING ? State.EXITED : state, exit);
    }

    /** Could not be started by its restart policy, which tries again: one more restart is counted. */
    public Status toBeRetried(Exit exit) {
        return notStarted(State.RESTARTING, exit).counting(restarts + 1, false);
    }

    private Status notStarted(State next, Exit exit) {
        return new Status(
                next,
                0,
                0,
                exit.code().value(),
                exit.error(),
                startedAt,
                finishedAt,
                bootId,
                restarts,
                stoppedByHand,
                health);
    }

    public Status with(State next) {
        return new Status(
                next, pid, pidStart, exitCode, error, startedAt, finishedAt, bootId, restarts, stoppedByHand, health);
    }

    public Status with(Optional<Health> next) {
        return new Status(
                state, pid, pidStart, exitCode, error, startedAt, finishedAt, bootId, restarts, stoppedByHand, next);
    }

    public Status counting(int restarts, boolean stoppedByHand) {
        return new Status(
                state, pid, pidStart, exitCode, error, startedAt, finishedAt, bootId, restarts, stoppedByHand, health);
    }
}
