package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings containers and their rows together when the daemon starts, however the last daemon ended. First the rows of
 * running containers are brought up to date. Then everything that belongs to no running container is removed: what a
 * start that was cut off or an unfinished removal left behind.
 */
public final class ContainerRecovery {

    private final ContainerTable table;
    private final Transitions transitions;
    private final Pausing pausing;
    private final Exits exits;
    private final Cleanup cleanup;
    private final Layout layout;
    private final OciRuntime runc;
    private final OomWatch memory;

    ContainerRecovery(
            ContainerTable table,
            Transitions transitions,
            Pausing pausing,
            Exits exits,
            Cleanup cleanup,
            Layout layout,
            OciRuntime runc,
            OomWatch memory) {
        this.table = table;
        this.transitions = transitions;
        this.pausing = pausing;
        this.exits = exits;
        this.cleanup = cleanup;
        this.layout = layout;
        this.runc = runc;
        this.memory = memory;
    }

    /** @param others IDs of what else has control groups and is not to be touched */
    public void run(Set<String> others) {
        try {
            exits.check();
            for (Container container : table.list()) {
                recover(container);
            }
            removeStrays(others);
        } catch (IOException failure) {
            throw new HostException("cannot find the containers of a killed daemon: " + failure.getMessage(), failure);
        }
    }

    private void recover(Container container) {
        if (container.state().isAlive()) {
            if (isCutOff(container)) {
                exits.lose(
                        container.id(),
                        new Exit(ExitCode.LOST, "the daemon was stopped while it started the container"));
            } else {
                memory.watch(container);
                pausing.reconcile(container);
            }
        } else if (container.state() == State.EXITED
                && container.settings().request().autoRemove()) {
            transitions.removed(container, true);
            cleanup.purge(container);
        }
    }

    /** True if the container was created and never started. The runtime is asked, which costs a process, only if needed. */
    private boolean isCutOff(Container container) {
        Path state = ContainerLayout.state(layout);
        Path own = state.resolve(container.id());
        boolean possible = Files.exists(own.resolve("exec.fifo")) || Files.exists(own.resolve("notify.sock"));
        return possible && runc.isCreated(state, container.id());
    }

    private void removeStrays(Set<String> others) throws IOException {
        List<Container> containers = table.list();
        Set<String> all = containers.stream().map(Container::id).collect(Collectors.toSet());
        Set<String> running = containers.stream()
                .filter(container -> container.state().isAlive())
                .map(Container::id)
                .collect(Collectors.toSet());
        killProcesses(running);
        Set<String> runs = new HashSet<>();
        for (Path folder : List.of(layout.runningContainers(), ContainerLayout.state(layout), layout.exits())) {
            entries(folder).forEach(entry -> runs.add(entry.getFileName().toString()));
        }
        runs.removeAll(running);
        runs.forEach(exits::clearStray);
        for (Path kept : entries(layout.containers())) {
            if (!all.contains(kept.getFileName().toString())) {
                FileTrees.remove(kept);
            }
        }
        Set<String> groups = new HashSet<>(running);
        groups.addAll(others);
        new Cgroups(layout, runc.cgroups()).removeExcept(groups, "");
    }

    /** Kills supervisors and runtimes that a killed daemon had just started. */
    private void killProcesses(Set<String> running) throws IOException {
        Map<Integer, List<String>> processes =
                Supervisors.find(List.of("--exit-dir", layout.exits().toString()));
        processes.putAll(
                Supervisors.find(List.of("--root", ContainerLayout.state(layout).toString())));
        for (Map.Entry<Integer, List<String>> process : processes.entrySet()) {
            if (process.getValue().stream().noneMatch(running::contains)) {
                Processes.kill(process.getKey(), Processes.SIGKILL);
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        return Files.isDirectory(folder) ? FileTrees.list(folder) : List.of();
    }
}
