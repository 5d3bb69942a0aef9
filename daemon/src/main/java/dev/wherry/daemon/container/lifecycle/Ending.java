package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.Processes;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Signals, stops, kills and removes containers. */
public final class Ending {

    private static final Logger LOG = Logger.getLogger(Ending.class);
    private static final int STOP_SECONDS = 10;
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final int KILLED = 137;
    /** KILL, TERM, INT and QUIT: whoever sends one of these wants the container to end. */
    private static final Set<Integer> TO_END = Set.of(SignalNumbers.KILL, Processes.SIGTERM, 2, 3);

    private final ContainerTable table;
    private final Lives lives;
    private final Supervisor supervisor;
    private final Waits waits;
    private final Transitions transitions;
    private final Signalling signalling;
    private final Pausing pausing;

    public Ending(
            ContainerTable table,
            Lives lives,
            Supervisor supervisor,
            Waits waits,
            Transitions transitions,
            Signalling signalling,
            Pausing pausing) {
        this.table = table;
        this.lives = lives;
        this.supervisor = supervisor;
        this.waits = waits;
        this.transitions = transitions;
        this.signalling = signalling;
        this.pausing = pausing;
    }

    /** As {@link Containers#kill}. */
    public void kill(String container, String signal) {
        int number = signal.isEmpty() ? SignalNumbers.KILL : SignalNumbers.parse(signal);
        Container found = table.named(container);
        int stop = SignalNumbers.parse(found.settings().stopSignal());
        boolean toEnd = number == stop || TO_END.contains(number);
        if (toEnd) {
            letBe(found.id());
        }
        if (found.state().isAlive()) {
            transitions.tell(found, "kill", Map.of("signal", Integer.toString(number)));
        }
        if (!found.state().isAlive() || !signalling.send(found, number)) {
            throw new ConflictException(
                    "Cannot kill container: " + container + ": Container " + found.shortId() + " is "
                            + (found.state() == State.RESTARTING
                                    ? "restarting, wait until the container is running"
                                    : "not running"));
        }
        if (found.state() == State.PAUSED && toEnd) {
            pausing.thaw(found);
        }
    }

    /** From now on its restart policy leaves the container alone. */
    private void letBe(String id) {
        Live live = lives.of(id);
        live.lock.lock();
        try {
            table.find(id).filter(now -> now.state().isAlive()).ifPresent(transitions::stoppedByHand);
        } finally {
            live.lock.unlock();
        }
    }

    /** As {@link Containers#stop}. */
    public void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.named(container);
        ContainerSettings settings = found.settings();
        int number = SignalNumbers.parse(signal.isEmpty() ? settings.stopSignal() : signal);
        int own = settings.request().stopTimeout();
        Optional<Duration> patience = timeout.or(
                () -> Optional.of(Duration.ofSeconds(own == ContainerConfig.STOP_DEFAULT ? STOP_SECONDS : own)));
        if (abandon(found.id())) {
            transitions.tell(found, "stop", Map.of());
            return;
        }
        if (!table.get(found.id()).state().isAlive()) {
            return;
        }
        letBe(found.id());
        transitions.tell(found, "kill", Map.of("signal", Integer.toString(number)));
        signalling.send(found, number);
        pausing.thaw(found);
        // No end of patience is asked for by a negative timeout.
        Duration bound = patience.filter(time -> !time.isNegative()).orElse(Duration.ofDays(365));
        if (waits.untilStopped(found.id(), bound).isEmpty()) {
            end(found);
        }
        if (table.find(found.id()).isPresent()) {
            transitions.tell(found, "stop", Map.of());
        }
    }

    /** As {@link Containers#longestStop}. */
    public Duration longestStop(Duration longest) {
        return running()
                .map(container -> patience(container.settings(), longest))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO)
                .plus(KILL_TIMEOUT);
    }

    private Stream<Container> running() {
        return table.list().stream().filter(container -> container.state().isAlive());
    }

    private static Duration patience(ContainerSettings settings, Duration longest) {
        int own = settings.request().stopTimeout();
        if (own == ContainerConfig.STOP_DEFAULT) {
            return Duration.ofSeconds(STOP_SECONDS);
        }
        return own < 0 ? longest : Duration.ofSeconds(own);
    }

    /** As {@link Containers#stopForShutdown}. */
    public void stopForShutdown(Duration longest) {
        try (ExecutorService stops = Executors.newVirtualThreadPerTaskExecutor()) {
            running().forEach(container -> stops.submit(() -> stopForShutdown(container, longest)));
        }
    }

    private Void stopForShutdown(Container container, Duration longest) throws InterruptedException {
        try {
            int number = SignalNumbers.parse(container.settings().stopSignal());
            transitions.tell(container, "kill", Map.of("signal", Integer.toString(number)));
            signalling.send(container, number);
            pausing.thaw(container);
            if (waits.untilStopped(container.id(), patience(container.settings(), longest))
                    .isEmpty()) {
                kill(container);
            }
        } catch (WherryException failure) {
            LOG.warnf("container %s cannot be stopped: %s", container.shortId(), failure.getMessage());
        }
        return null;
    }

    /** Ends the wait for a restart; false when there is none. */
    private boolean abandon(String id) {
        Live live = lives.of(id);
        live.lock.lock();
        try {
            Optional<Container> waiting = table.find(id).filter(now -> now.state() == State.RESTARTING);
            waiting.ifPresent(transitions::abandoned);
            live.changed.signalAll();
            return waiting.isPresent();
        } finally {
            live.lock.unlock();
        }
    }

    /** Kills a container for good, even one that is frozen, or whose supervisor does not report its end. */
    private void end(Container container) throws InterruptedException {
        letBe(container.id());
        kill(container);
    }

    private void kill(Container container) throws InterruptedException {
        transitions.tell(container, "kill", Map.of("signal", Integer.toString(SignalNumbers.KILL)));
        signalling.send(container, SignalNumbers.KILL);
        pausing.thaw(container);
        supervisor.check(container);
        if (waits.untilStopped(container.id(), KILL_TIMEOUT).isEmpty()) {
            supervisor.lose(container.id(), KILLED, "its end was not reported");
        }
    }

    /** As {@link Containers#remove}. */
    public void remove(String container, boolean force) throws InterruptedException {
        Container found = table.named(container);
        if (found.state().isUp()) {
            if (!force) {
                throw new ConflictException("You cannot remove a " + found.state() + " container " + found.id() + ". "
                        + (found.state() == State.PAUSED ? "Unpause and then stop the container" : "Stop the container")
                        + " before attempting removal or force remove");
            }
            if (!abandon(found.id())) {
                end(found);
            }
        }
        delete(found, container);
    }

    private void delete(Container found, String container) throws InterruptedException {
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
            if (now.get().state().isUp()) {
                throw new ConflictException("cannot remove container " + container + ": it was started meanwhile");
            }
            transitions.removed(now.get());
            live.removed = true;
            live.waiting.forEach(Attachment::cancel);
            live.changed.signalAll();
        } finally {
            live.lock.unlock();
        }
        Thread.ofVirtual().start(() -> supervisor.purge(found));
    }
}
