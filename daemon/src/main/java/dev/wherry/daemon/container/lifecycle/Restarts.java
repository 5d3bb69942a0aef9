package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.WherryException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Starts containers again whose restart policy wants it: after their exit, and when the daemon starts. A container that
 * cannot be started again is exited, with the reason; it never stays restarting.
 */
final class Restarts {

    private static final Logger LOG = Logger.getLogger(Restarts.class);

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;
    private final Launch launch;
    /** Bounds how many start at the same time: after a reboot all of them want to. */
    private final Semaphore starts = new Semaphore(2 * Runtime.getRuntime().availableProcessors());

    /** Before recovery is over, a run of this daemon would be taken for a remnant of the last daemon's. */
    private final CountDownLatch recovered = new CountDownLatch(1);

    private volatile boolean closed;

    Restarts(ContainerTable table, LiveContainers lives, Transitions transitions, Launch launch) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.launch = launch;
    }

    /** Starts a restarting container after a delay, unless somebody stops or starts it before. */
    void schedule(Container container, Duration delay) {
        inBackground(container, delay, found -> found.state() == State.RESTARTING);
    }

    /** Recovery is over: starts each container that a new daemon has to start, and permits restarts from now on. */
    void begin() {
        recovered.countDown();
        table.list().stream()
                .filter(RestartRules::isDueAtStart)
                .forEach(due -> inBackground(due, Duration.ZERO, RestartRules::isDueAtStart));
    }

    /** Starts nothing from now on. */
    void close() {
        closed = true;
    }

    /** @param wanted tells whether the container is still to be started */
    private void inBackground(Container container, Duration delay, Predicate<Container> wanted) {
        Background.start("restart-" + container.shortId(), () -> {
            try {
                if (awaitDelay(container.id(), delay, wanted)) {
                    recovered.await();
                    start(container.id(), wanted);
                }
            } catch (InterruptedException end) {
                // The daemon ends; the next one starts the container.
            }
        });
    }

    private boolean awaitDelay(String id, Duration delay, Predicate<Container> wanted) throws InterruptedException {
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            long left = delay.toNanos();
            while (left > 0 && mayStart(id, wanted)) {
                left = live.awaitChange(left);
            }
            return mayStart(id, wanted);
        }
    }

    private void start(String id, Predicate<Container> wanted) {
        LiveContainer live = lives.of(id);
        starts.acquireUninterruptibly();
        try (Hold _ = live.hold()) {
            if (mayStart(id, wanted) && !live.isClearing()) {
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
            LOG.warnf("container %s is not started again: %s", container.shortId(), failure.getMessage());
        } finally {
            table.find(container.id())
                    .filter(now -> now.state() == State.RESTARTING)
                    .ifPresent(now -> giveUp(now, live));
        }
    }

    private void giveUp(Container container, LiveContainer live) {
        Exit exit = new Exit(ExitCode.RUNTIME_FAILED, "the restart failed: see the log of the daemon");
        transitions.notStarted(container, exit);
        live.ended(exit);
    }

    private boolean mayStart(String id, Predicate<Container> wanted) {
        return !closed && table.find(id).filter(wanted).isPresent();
    }
}
