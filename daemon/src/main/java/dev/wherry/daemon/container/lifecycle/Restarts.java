package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.error.WherryException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Starts containers again whose restart policy wants it: after their exit, and when the daemon starts. A start that fails
 * is tried again as long as {@link RestartRules} say so, with the reason in the container's status meanwhile.
 */
final class Restarts {

    private static final Logger LOG = Logger.getLogger(Restarts.class);

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Launch launch;
    /** Bounds how many start at the same time: after a reboot all of them want to. */
    private final Semaphore starts = new Semaphore(2 * Runtime.getRuntime().availableProcessors());

    /** Before recovery is over, a run of this daemon would be taken for a remnant of the last daemon's. */
    private final CountDownLatch recovered = new CountDownLatch(1);

    private volatile boolean closed;

    Restarts(ContainerTable table, LiveContainers lives, Launch launch) {
        this.table = table;
        this.lives = lives;
        this.launch = launch;
    }

    /** Starts a restarting container after a delay, unless somebody stops or starts it before. */
    void schedule(Container container, Duration delay) {
        inBackground(container, delay, found -> found.state() == State.RESTARTING);
    }

    /** Recovery is over: starts each container that a new daemon has to start, and permits restarts from now on. */
    void begin() {
        table.list().stream()
                .filter(RestartRules::isDueAtStart)
                .forEach(due -> inBackground(due, Duration.ZERO, RestartRules::isDueAtStart));
        recovered.countDown();
    }

    /** Starts nothing from now on. */
    void close() {
        closed = true;
    }

    /** @param wanted tells whether the container is still to be started */
    private void inBackground(Container container, Duration delay, Predicate<Container> wanted) {
        String id = container.id();
        LiveContainer live = lives.of(id);
        int turn;
        try (Hold _ = live.hold()) {
            turn = ++live.scheduled;
        }
        BooleanSupplier due = () -> !closed
                && live.scheduled == turn
                && table.find(id).filter(wanted).isPresent();
        Background.start("restart-" + container.shortId(), () -> {
            try {
                if (awaitDelay(live, delay, due)) {
                    recovered.await();
                    start(id, live, due);
                }
            } catch (InterruptedException end) {
                // The daemon ends; the next one starts the container.
            }
        });
    }

    private static boolean awaitDelay(LiveContainer live, Duration delay, BooleanSupplier due)
            throws InterruptedException {
        try (Hold _ = live.hold()) {
            long left = delay.toNanos();
            while (left > 0 && due.getAsBoolean()) {
                left = live.awaitChange(left);
            }
            return due.getAsBoolean();
        }
    }

    private void start(String id, LiveContainer live, BooleanSupplier due) {
        starts.acquireUninterruptibly();
        try (Hold _ = live.hold()) {
            if (due.getAsBoolean() && !live.isClearing()) {
                start(table.existing(id), live);
            }
        } finally {
            starts.release();
        }
    }

    private void start(Container container, LiveContainer live) {
        try {
            launch.byPolicy(container, live);
        } catch (WherryException failure) {
            LOG.warnf("it could not be started again: %s", failure.getMessage());
        } finally {
            table.find(container.id())
                    .filter(now -> now.state() == State.RESTARTING)
                    .ifPresent(now -> schedule(now, RestartRules.nextDelay(live)));
        }
    }
}
