package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Learns of the end of containers: from the exit file that conmon writes, or because conmon is gone without one. Then
 * makes the transition, reports the exit, and clears the run away.
 */
final class Exits {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;
    private final Cleanup cleanup;
    private final Restarts restarts;
    private final Layout layout;
    private final Cgroups cgroups;
    private final OomWatch memory;
    private final ContainerNetworks networks;

    Exits(
            ContainerTable table,
            LiveContainers lives,
            Transitions transitions,
            Cleanup cleanup,
            Restarts restarts,
            Layout layout,
            Cgroups cgroups,
            OomWatch memory,
            ContainerNetworks networks) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.cleanup = cleanup;
        this.restarts = restarts;
        this.layout = layout;
        this.cgroups = cgroups;
        this.memory = memory;
        this.networks = networks;
    }

    /** A container's exit file has appeared. */
    void exitFileAppeared(String id) {
        ContainerLayout files = ContainerLayout.of(layout, id);
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            table.find(id)
                    .filter(found -> found.state().isAlive() && Files.exists(files.exitFile()))
                    .ifPresent(found -> exited(found, live, files));
        }
    }

    private void exited(Container container, LiveContainer live, ContainerLayout files) {
        try {
            // systemd removes the control groups as soon as they are empty: then only conmon's mark and the watch's are
            // left.
            if (Files.exists(files.supervisorsOomMark())
                    || cgroups.ranOutOfMemory(
                            container.id(),
                            container.settings().request().resources().cgroupParent())) {
                // A daemon that was killed here may have left the mark.
                Files.write(files.oomMark(), new byte[0]);
            }
            int code = Integer.parseInt(Files.readString(files.exitFile()).strip());
            Instant time = Files.getLastModifiedTime(files.exitFile()).toInstant();
            ended(container, live, Exit.of(code), time, false);
        } catch (IOException | NumberFormatException failure) {
            lose(container.id(), new Exit(ExitCode.LOST, "its exit code could not be read: " + failure.getMessage()));
        }
    }

    /** Takes a container for ended although nothing reports it, and kills the processes that are left. */
    void lose(String id, Exit exit) {
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            table.find(id)
                    .filter(found -> found.state().isAlive())
                    .ifPresent(found -> ended(found, live, exit, Instant.now(), true));
        }
    }

    /** The exit is reported first: clearing the run away takes longer than all else. */
    private void ended(Container container, LiveContainer live, Exit exit, Instant time, boolean kill) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        memory.forget(container.id());
        boolean remove = container.settings().request().autoRemove() && live.restarting == 0;
        Optional<Duration> again = remove ? Optional.empty() : RestartRules.delay(container, live, exit, time);
        if (remove) {
            transitions.endedAndRemoved(container, exit, time);
        } else {
            State next = again.isPresent() ? State.RESTARTING : State.EXITED;
            transitions.ended(container, next, exit, time, Files.exists(files.oomMark()));
        }
        networks.leaving(container.id());
        live.clearing(true);
        live.ended(exit);
        if (remove) {
            lives.endedAndRemoved(container.id(), exit);
            live.removed(container.id());
        }
        Background.finish("clear-" + container.shortId(), () -> {
            boolean cleared = false;
            try {
                cleanup.clear(files, kill);
                cleared = true;
                if (remove) {
                    cleanup.purge(container);
                }
            } finally {
                try (Hold _ = live.hold()) {
                    live.unclean = !cleared;
                    live.clearing(false);
                }
                // A failure is logged, and is no reason to leave the container restarting.
                again.ifPresent(delay -> restarts.schedule(container, delay));
            }
        });
    }

    /** Removes what an earlier daemon left of a run, unless the container runs. */
    void clearStray(String id) {
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            live.awaitClearedUninterruptibly();
            Optional<Container> found = table.find(id);
            if (found.filter(container -> container.state().isAlive()).isEmpty()) {
                cleanup.clear(ContainerLayout.of(layout, id), true);
            }
            if (found.isEmpty()) {
                lives.forget(id);
            }
        }
    }

    /** Checks each running container: one whose supervisor is gone never gets an exit file. */
    void check() {
        for (Container container : table.list()) {
            if (container.state().isAlive()) {
                check(container);
            }
        }
    }

    /** As {@link #check()}, of one container. */
    void check(Container container) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        Supervision marks = ConmonSupervision.mark(files);
        boolean supervised = Conmon.conmonPid(marks)
                .filter(pid -> Supervisors.isAlive(pid, marks.mark()))
                .isPresent();
        if (Files.exists(files.exitFile())) {
            exitFileAppeared(container.id());
        } else if (!container.bootId().equals(Boot.id())) {
            lose(container.id(), new Exit(ExitCode.LOST, "the host was restarted while the container ran"));
        } else if (!supervised) {
            loseUnlessEnded(container, files);
        }
    }

    /** The exit file may have appeared since the check, and the container may have started again. */
    private void loseUnlessEnded(Container container, ContainerLayout files) {
        LiveContainer live = lives.of(container.id());
        try (Hold _ = live.hold()) {
            if (Files.exists(files.exitFile())) {
                exitFileAppeared(container.id());
            } else if (table.find(container.id())
                    .filter(now -> now.pid() == container.pid())
                    .isPresent()) {
                lose(container.id(), new Exit(ExitCode.KILLED, "the supervisor of the container (conmon) was killed"));
            }
        }
    }
}
