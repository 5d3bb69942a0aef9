package dev.wherry.daemon.container;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.runtime.Runc;
import java.time.Duration;
import java.util.Optional;

/** Signals, stops, kills and removes containers. */
final class Ending {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final int KILLED = 137;

    private final ContainerTable table;
    private final Lives lives;
    private final Supervisor supervisor;
    private final Waits waits;
    private final Runc runc;

    Ending(ContainerTable table, Lives lives, Supervisor supervisor, Waits waits, Runc runc) {
        this.table = table;
        this.lives = lives;
        this.supervisor = supervisor;
        this.waits = waits;
        this.runc = runc;
    }

    /** As {@link Containers#kill}. */
    void kill(String container, String signal) {
        int number = signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
        Container found = table.named(container);
        if (!found.state().isAlive() || !runc.kill(supervisor.state(), found.id(), number)) {
            throw new ConflictException("cannot kill container " + container + ": it is not running");
        }
    }

    /** As {@link Containers#stop}. */
    void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.named(container);
        int number = Signals.parse(signal.isEmpty() ? found.settings().stopSignal() : signal);
        if (!found.state().isAlive()) {
            return;
        }
        runc.kill(supervisor.state(), found.id(), number);
        if (waits.untilStopped(found.id(), timeout.orElse(STOP_TIMEOUT)).isEmpty()) {
            end(found);
        }
    }

    /** Kills a container for good, even one whose supervisor does not report its end. */
    private void end(Container container) throws InterruptedException {
        runc.kill(supervisor.state(), container.id(), Signals.KILL);
        if (waits.untilStopped(container.id(), KILL_TIMEOUT).isEmpty()) {
            supervisor.lose(container.id(), KILLED, "its end was not reported");
        }
    }

    /** As {@link Containers#remove}. */
    void remove(String container, boolean force) throws InterruptedException {
        Container found = table.named(container);
        if (found.state().isAlive()) {
            if (!force) {
                throw new ConflictException("cannot remove container " + container
                        + ": it is running; stop it first, or remove it by force");
            }
            end(found);
        }
        Live live = lives.of(found.id());
        live.lock.lockInterruptibly();
        try {
            while (live.clearing) {
                live.changed.await();
            }
            Optional<Container> now = table.find(found.id());
            if (now.isEmpty()) {
                return;
            }
            if (now.get().state().isAlive()) {
                throw new ConflictException("cannot remove container " + container + ": it was started meanwhile");
            }
            table.delete(now.get());
            live.removed = true;
            live.waiting.forEach(Attachment::cancel);
            live.changed.signalAll();
        } finally {
            live.lock.unlock();
        }
        Thread.ofVirtual().start(() -> supervisor.purge(found));
    }
}
