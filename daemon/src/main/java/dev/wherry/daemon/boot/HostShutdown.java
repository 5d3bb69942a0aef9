package dev.wherry.daemon.boot;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.host.systemd.SystemdBus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the end of the daemon means for containers. They outlive it, but not the host: when that shuts down, each is
 * stopped as its users would stop it, within its own stop timeout, and its exit code is recorded. Its restart policy
 * starts it again with the host.
 */
final class HostShutdown {

    /** Of a container that has no limit: as long as systemd gives a unit by default. */
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final Optional<SystemdBus> systemd;
    private final Containers containers;
    private final Lifecycle lifecycle;
    private Optional<Thread> stopping = Optional.empty();

    HostShutdown(Optional<SystemdBus> systemd, Containers containers, Lifecycle lifecycle) {
        this.systemd = systemd;
        this.containers = containers;
        this.lifecycle = lifecycle;
    }

    /**
     * Begins to stop all containers when the host shuts down.
     *
     * @param told how long that may take
     */
    void begin(Consumer<Duration> told) {
        if (!isUnderWay()) {
            return;
        }
        int running = containers.list(false).size();
        if (running == 0) {
            return;
        }
        told.accept(lifecycle.longestStop(LONGEST));
        DaemonLog.say("the host shuts down: stopping " + running + (running == 1 ? " container" : " containers"));
        stopping =
                Optional.of(Thread.ofPlatform().name("host-shutdown").start(() -> lifecycle.stopForShutdown(LONGEST)));
    }

    private boolean isUnderWay() {
        try {
            return systemd.isPresent() && systemd.get().isShuttingDown();
        } catch (IOException failure) {
            DaemonLog.error("cannot ask systemd whether the host shuts down: " + failure.getMessage());
            return false;
        }
    }

    /** Waits until all have stopped. */
    void awaitEnd() {
        stopping.ifPresent(thread -> {
            try {
                thread.join();
            } catch (InterruptedException hastened) {
                DaemonLog.say("shutting down: told again, so not waiting for containers");
            }
        });
    }
}
