package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.Exit;
import dev.wherry.daemon.error.NotFoundException;
import java.time.Duration;
import java.util.Optional;

/** Waits for containers to end. */
public final class Waits {

    private final ContainerTable table;
    private final Lives lives;

    public Waits(ContainerTable table, Lives lives) {
        this.table = table;
        this.lives = lives;
    }

    /** Waits until the condition holds. */
    public Exit await(String container, WaitCondition condition) throws InterruptedException {
        return await(table.named(container).id(), condition, Optional.empty()).orElseThrow();
    }

    /** Waits until a container does not run; empty when it still does after the timeout. */
    Optional<Exit> untilStopped(String id, Duration timeout) throws InterruptedException {
        try {
            return await(id, WaitCondition.NOT_RUNNING, Optional.of(timeout));
        } catch (NotFoundException removedMeanwhile) {
            return Optional.of(new Exit(0, ""));
        }
    }

    private Optional<Exit> await(String id, WaitCondition condition, Optional<Duration> timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.map(Duration::toNanos).orElse(0L);
        Live live = lives.of(id);
        live.lock.lockInterruptibly();
        try {
            int exits = live.exits;
            while (true) {
                Optional<Exit> exit = reached(id, condition, live, exits);
                if (exit.isPresent()) {
                    return exit;
                }
                if (timeout.isEmpty()) {
                    live.changed.await();
                } else if (live.changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return Optional.empty();
                }
            }
        } finally {
            live.lock.unlock();
        }
    }

    private Optional<Exit> reached(String id, WaitCondition condition, Live live, int exits) {
        if (live.removed) {
            return Optional.of(live.lastExit);
        }
        return switch (condition) {
            case NOT_RUNNING ->
                live.exits > exits
                        ? Optional.of(live.lastExit)
                        : Optional.of(table.get(id))
                                .filter(container -> !container.state().isUp())
                                .map(container -> new Exit(container.exitCode(), container.error()));
            case NEXT_EXIT -> live.exits > exits ? Optional.of(live.lastExit) : Optional.empty();
            case REMOVED -> Optional.empty();
        };
    }
}
