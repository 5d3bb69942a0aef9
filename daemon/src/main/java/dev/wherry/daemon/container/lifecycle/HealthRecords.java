package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Records the results of health checks, as far as they are about the present run of a container. */
final class HealthRecords {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;

    HealthRecords(ContainerTable table, LiveContainers lives, Transitions transitions) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
    }

    /** As {@link Lifecycle#keepsRunning}. */
    boolean keepsRunning(Container run, Duration time, BooleanSupplier wanted) throws InterruptedException {
        LiveContainer live = lives.of(run.id());
        try (Hold _ = live.holdInterruptibly()) {
            long left = time.toNanos();
            while (left > 0) {
                if (!wanted.getAsBoolean() || present(run).isEmpty()) {
                    return false;
                }
                left = live.awaitChange(left);
            }
            return wanted.getAsBoolean() && present(run).isPresent();
        }
    }

    /** As {@link Lifecycle#recordHealth}. */
    void record(Container run, Function<Container, Health> next) {
        try (Hold _ = lives.of(run.id()).hold()) {
            present(run).ifPresent(now -> transitions.checked(now, next.apply(now)));
        }
    }

    /** The container as it is now; empty when the run is over or paused. */
    private Optional<Container> present(Container run) {
        return table.find(run.id())
                .filter(now -> now.state() == State.RUNNING && now.startedAt().equals(run.startedAt()));
    }
}
