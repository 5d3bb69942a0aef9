package dev.wherry.daemon.boot;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ServiceHealth;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.namespace.NamespaceDaemons;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The end of the daemon. New calls are refused, those that only watch a container end, and what works gets a time of grace
 * to finish; the end of the server then cancels what is left. Containers keep running, unless the host shuts down, when
 * they are stopped ({@link HostShutdown}). A second signal ends the grace. The daemons of namespaces end likewise, at the same
 * time, and this one waits for them.
 */
final class Drain {

    /** What may pass after the grace: cancelled calls clean up, and the stores close. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(15);

    private final CallRunner calls;
    private final ServiceHealth health;
    private final Systemd systemd;
    private final Supplier<Duration> grace;
    private final HostShutdown shutdown;
    private final NamespaceDaemons namespaces;
    private Thread waiting;

    Drain(
            CallRunner calls,
            ServiceHealth health,
            Systemd systemd,
            Supplier<Duration> grace,
            HostShutdown shutdown,
            NamespaceDaemons namespaces) {
        this.namespaces = namespaces;
        this.calls = calls;
        this.health = health;
        this.systemd = systemd;
        this.grace = grace;
        this.shutdown = shutdown;
    }

    /** Begins the end, or hastens it. */
    synchronized void run() {
        namespaces.end();
        if (waiting == null) {
            waiting = Thread.ofPlatform().name("drain").start(this::end);
        } else {
            waiting.interrupt();
        }
    }

    private void end() {
        Duration patience = grace.get();
        systemd.stopping(patience.plus(CLEAN_UP));
        health.ending();
        calls.close();
        shutdown.begin(left -> systemd.stopping(left.plus(patience).plus(CLEAN_UP)));
        int working = calls.working();
        if (working > 0) {
            DaemonLog.say("shutting down: " + working + (working == 1 ? " call has " : " calls have ")
                    + (patience.toMillis() / 1000.0 + " s").replace(".0 s", " s") + " to finish");
        }
        try {
            if (!calls.awaitEnd(patience)) {
                DaemonLog.say("shutting down: cancelling what has not finished");
            }
        } catch (InterruptedException hastened) {
            DaemonLog.say("shutting down: told again, so cancelling what has not finished");
        }
        shutdown.awaitEnd();
        finishBackground();
        awaitNamespaces(patience);
        Quarkus.asyncExit(0);
    }

    /** They have heard the second signal too. What does not end in time ends with this process. */
    private void awaitNamespaces(Duration patience) {
        try {
            namespaces.awaitEnd(patience.plus(CLEAN_UP), left -> systemd.stopping(left.plus(CLEAN_UP)));
        } catch (InterruptedException hastened) {
            try {
                namespaces.awaitEnd(CLEAN_UP, systemd::stopping);
            } catch (InterruptedException again) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void finishBackground() {
        try {
            Background.awaitFinished(CLEAN_UP);
        } catch (InterruptedException hastened) {
            // The next daemon clears away what is left.
        }
    }
}
