package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.linux.Processes;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Signals, stops and kills containers. */
final class Stopping {

    private static final int STOP_SECONDS = 10;
    private static final Duration NO_LIMIT = Duration.ofDays(365);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    /** A user who sends KILL, TERM, INT or QUIT wants the container to end. */
    private static final Set<Integer> TO_END = Set.of(SignalNumbers.KILL, Processes.SIGTERM, 2, 3);

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Exits exits;
    private final Waits waits;
    private final Transitions transitions;
    private final SignalSender signals;
    private final Pausing pausing;

    Stopping(
            ContainerTable table,
            LiveContainers lives,
            Exits exits,
            Waits waits,
            Transitions transitions,
            SignalSender signals,
            Pausing pausing) {
        this.table = table;
        this.lives = lives;
        this.exits = exits;
        this.waits = waits;
        this.transitions = transitions;
        this.signals = signals;
        this.pausing = pausing;
    }

    /** As {@link Lifecycle#kill}. */
    void kill(String reference, String signal) {
        int number = signal.isEmpty() ? SignalNumbers.KILL : SignalNumbers.parse(signal);
        Container found = table.get(reference);
        int stop = SignalNumbers.parse(found.settings().stopSignal());
        boolean toEnd = number == stop || TO_END.contains(number);
        if (toEnd) {
            suspendRestarts(found.id());
        }
        if (found.state().isAlive()) {
            transitions.tell(found, "kill", Map.of("signal", Integer.toString(number)));
        }
        if (!found.state().isAlive() || !signals.send(found, number)) {
            throw new ConflictException(
                    "Cannot kill container: " + reference + ": Container " + found.shortId() + " is "
                            + (found.state() == State.RESTARTING
                                    ? "restarting, wait until the container is running"
                                    : "not running"));
        }
        if (found.state() == State.PAUSED && toEnd) {
            pausing.thaw(found);
        }
    }

    /** Keeps the restart policy from starting the container again before a user does. */
    private void suspendRestarts(String id) {
        try (Hold _ = lives.of(id).hold()) {
            table.find(id).filter(now -> now.state().isAlive()).ifPresent(transitions::stoppedByHand);
        }
    }

    /** As {@link Lifecycle#stop}. */
    void stop(String reference, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.get(reference);
        ContainerSettings settings = found.settings();
        int number = SignalNumbers.parse(signal.isEmpty() ? settings.stopSignal() : signal);
        // A negative timeout asks for no limit.
        Duration patience = timeout.map(asked -> asked.isNegative() ? NO_LIMIT : asked)
                .orElseGet(() -> patience(settings, NO_LIMIT));
        if (abandonRestart(found.id())) {
            transitions.tell(found, "stop", Map.of());
            return;
        }
        if (!table.existing(found.id()).state().isAlive()) {
            return;
        }
        suspendRestarts(found.id());
        if (!stops(found, number, patience)) {
            end(found);
        }
        if (table.find(found.id()).isPresent()) {
            transitions.tell(found, "stop", Map.of());
        }
    }

    /** As {@link Lifecycle#longestStop}. */
    Duration longestStop(Duration longest) {
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

    /** As {@link Lifecycle#stopForShutdown}. */
    void stopForShutdown(Duration longest) {
        running()
                .map(container -> Background.start(
                        "stop-for-shutdown-" + container.shortId(), () -> stopForShutdown(container, longest)))
                .toList()
                .forEach(Stopping::join);
    }

    private void stopForShutdown(Container container, Duration longest) throws InterruptedException {
        int number = SignalNumbers.parse(container.settings().stopSignal());
        if (!stops(container, number, patience(container.settings(), longest))) {
            kill(container);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException hastened) {
            Thread.currentThread().interrupt();
        }
    }

    /** Signals a container, even a frozen one, and waits; whether it stopped in time. */
    private boolean stops(Container container, int signal, Duration patience) throws InterruptedException {
        transitions.tell(container, "kill", Map.of("signal", Integer.toString(signal)));
        signals.send(container, signal);
        pausing.thaw(container);
        return waits.untilStopped(container.id(), patience).isPresent();
    }

    /** Ends the wait for a restart; false when the container does not wait for one. */
    boolean abandonRestart(String id) {
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            Optional<Container> waiting = table.find(id).filter(now -> now.state() == State.RESTARTING);
            waiting.ifPresent(transitions::abandoned);
            live.signalChange();
            return waiting.isPresent();
        }
    }

    /** Kills a container for good, even a frozen one, or one whose supervisor does not report its exit. */
    void end(Container container) throws InterruptedException {
        suspendRestarts(container.id());
        kill(container);
    }

    private void kill(Container container) throws InterruptedException {
        transitions.tell(container, "kill", Map.of("signal", Integer.toString(SignalNumbers.KILL)));
        signals.send(container, SignalNumbers.KILL);
        pausing.thaw(container);
        exits.check(container);
        if (waits.untilStopped(container.id(), KILL_TIMEOUT).isEmpty()) {
            exits.lose(container.id(), new Exit(ExitCode.KILLED, "its end was not reported"));
        }
    }
}
