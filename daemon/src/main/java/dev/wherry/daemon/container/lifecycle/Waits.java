package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.NotFoundException;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for containers to exit. A wait that began before the container was removed gets its exit code, and so does one that
 * begins a moment after the container was removed by its end: clients start a container and then wait.
 */
final class Waits {

    private final ContainerTable table;
    private final LiveContainers lives;

    Waits(ContainerTable table, LiveContainers lives) {
        this.table = table;
        this.lives = lives;
    }

    /** Waits until the condition holds. */
    Exit await(String reference, WaitCondition condition, Runnable begun) throws InterruptedException {
        try {
            return await(table.get(reference).id(), condition, Optional.empty(), begun)
                    .orElseThrow();
        } catch (NotFoundException removed) {
            Exit exit = lives.exitOfRemoved(reference).orElseThrow(() -> removed);
            begun.run();
            return exit;
        }
    }

    /** Waits until a container does not run; empty when it still does after the timeout. */
    Optional<Exit> untilStopped(String id, Duration timeout) throws InterruptedException {
        try {
            return await(id, WaitCondition.NOT_RUNNING, Optional.of(timeout), () -> {});
        } catch (NotFoundException removedMeanwhile) {
            return Optional.of(Exit.of(ExitCode.SUCCESS));
        }
    }

    private Optional<Exit> await(String id, WaitCondition condition, Optional<Duration> timeout, Runnable begun)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.map(Duration::toNanos).orElse(0L);
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            int exits = live.exits();
            reached(id, condition, live, exits);
            begun.run();
            while (true) {
                Optional<Exit> exit = reached(id, condition, live, exits);
                if (exit.isPresent()) {
                    return exit;
                }
                if (timeout.isEmpty()) {
                    live.awaitChange();
                } else if (live.awaitChange(deadline - System.nanoTime()) <= 0) {
                    return Optional.empty();
                }
            }
        }
    }

    private Optional<Exit> reached(String id, WaitCondition condition, LiveContainer live, int exits) {
        if (live.isRemoved()) {
            return Optional.of(live.lastExit());
        }
        // Throws if the container was removed before this wait began: nothing would ever end the wait.
        Container container = table.existing(id);
        return switch (condition) {
            case NOT_RUNNING ->
                live.exits() > exits
                        ? Optional.of(live.lastExit())
                        : Optional.of(container)
                                .filter(now -> !now.state().isUp())
                                .map(now -> new Exit(new ExitCode(now.exitCode()), now.error()));
            case NEXT_EXIT -> live.exits() > exits ? Optional.of(live.lastExit()) : Optional.empty();
            case REMOVED -> Optional.empty();
        };
    }
}
