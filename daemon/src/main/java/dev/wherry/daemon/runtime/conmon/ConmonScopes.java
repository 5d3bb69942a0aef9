package dev.wherry.daemon.runtime.conmon;

import dev.wherry.daemon.host.systemd.SystemdBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Scopes of systemd for the supervisors of containers. A conmon starts in the control group of the daemon's service, and
 * would be a left-over process of it whenever the service ends. So each container has a scope {@code wherry-conmon-…},
 * beside the one that the runtime makes for the container itself, which holds its conmon and those of its execs. The
 * pause process of a pod has one too.
 *
 * <p>Most programs end within moments. A conmon is therefore moved about a second after its start, by a thread that
 * nobody waits for, and at once when the daemon ends; only one that writes to the journal is moved before it begins,
 * since the journal notes the unit of who writes.
 */
public final class ConmonScopes implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ConmonScopes.class);
    private static final long MILLIS_TO_LIVE = 1000;

    private final Optional<SystemdBus> systemd;
    private final UnaryOperator<String> names;
    private final long millisToLive;
    /** By process ID, in the order of their starts. */
    private final Map<Integer, Scope> waiting = new LinkedHashMap<>();

    private Thread thread;
    private boolean closed;

    /** The scope of a container's conmons, or of the pause process of a sandbox, by its ID. */
    private record Scope(String id, String description) {

        static Scope ofConmon(String container) {
            return new Scope(container, "Supervisor of container " + shortened(container) + " of Wherry");
        }

        static Scope ofPause(String sandbox) {
            return new Scope(sandbox, "Pause process of pod " + shortened(sandbox) + " of Wherry");
        }

        private static String shortened(String id) {
            return id.substring(0, Math.min(12, id.length()));
        }
    }

    /** @param names of scopes by the IDs of containers */
    public ConmonScopes(Optional<SystemdBus> systemd, UnaryOperator<String> names) {
        this(systemd, names, MILLIS_TO_LIVE);
    }

    ConmonScopes(Optional<SystemdBus> systemd, UnaryOperator<String> names, long millisToLive) {
        this.systemd = systemd;
        this.names = names;
        this.millisToLive = millisToLive;
    }

    /** Moves a conmon, or one that is about to become one, before this returns. */
    public void moveNow(String container, int pid) {
        systemd.ifPresent(manager -> move(manager, Scope.ofConmon(container), pid));
    }

    /** Moves a conmon if it still lives a moment later. */
    public void moveLater(String container, int pid) {
        moveLater(Scope.ofConmon(container), pid);
    }

    /** Moves the pause process of a sandbox if it still lives a moment later. */
    public void movePauseLater(String sandbox, int pid) {
        moveLater(Scope.ofPause(sandbox), pid);
    }

    private void moveLater(Scope scope, int pid) {
        if (systemd.isEmpty()) {
            return;
        }
        synchronized (waiting) {
            waiting.put(pid, scope);
            if (thread == null && !closed) {
                thread = Thread.ofVirtual().name("conmon-scopes").start(this::run);
            }
        }
    }

    /** Moves those that earlier daemons of the same run root left in the group of the service. */
    public void moveLeftOver(Path runRoot) {
        if (systemd.isEmpty()) {
            return;
        }
        for (int pid : OwnCgroup.processes()) {
            supervised(pid, runRoot).ifPresent(container -> moveLater(container, pid));
        }
    }

    /** The container that a process supervises or runs a program in; empty when it is no conmon of this daemon. */
    private static Optional<String> supervised(int pid, Path runRoot) {
        try {
            List<String> command = List.of(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
            int id = command.indexOf("-c") + 1;
            boolean ours = command.stream()
                    .anyMatch(argument -> argument.startsWith(runRoot + "/")
                            // Those of a namespace have a daemon of their own.
                            && !argument.startsWith(runRoot + "/namespaces/"));
            return command.getFirst().endsWith("conmon") && ours && id > 0
                    ? Optional.of(command.get(id))
                    : Optional.empty();
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private void run() {
        while (isDue()) {
            moveWaiting();
        }
    }

    /** Waits a moment; false when nothing is left to be moved. */
    private boolean isDue() {
        synchronized (waiting) {
            try {
                if (!closed) {
                    waiting.wait(millisToLive);
                }
            } catch (InterruptedException end) {
                closed = true;
            }
            if (closed || waiting.isEmpty()) {
                thread = null;
                return false;
            }
            return true;
        }
    }

    private void moveWaiting() {
        List<Map.Entry<Integer, Scope>> due;
        synchronized (waiting) {
            due = new ArrayList<>(Map.copyOf(waiting).entrySet());
            waiting.clear();
        }
        for (Map.Entry<Integer, Scope> conmon : due) {
            if (Files.exists(Path.of("/proc/" + conmon.getKey()))) {
                systemd.ifPresent(manager -> move(manager, conmon.getValue(), conmon.getKey()));
            }
        }
    }

    private void move(SystemdBus manager, Scope scope, int pid) {
        try {
            // Another conmon of the container may be there already: that of the container itself, or of an exec.
            manager.enterScope(names.apply(scope.id()), scope.description(), SystemdBus.SLICE, pid);
        } catch (IOException failure) {
            if (Files.exists(Path.of("/proc/" + pid))) {
                LOG.debugf("conmon %d stays in the group of the daemon: %s", pid, failure.getMessage());
            }
        }
    }

    /** Moves those that wait, since the group of the daemon is about to be looked at. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        moveWaiting();
    }
}
