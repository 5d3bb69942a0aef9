package dev.wherry.daemon.container;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Cgroups;
import dev.wherry.daemon.runtime.Runc;
import dev.wherry.daemon.runtime.Supervisors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done with containers when the daemon starts, whichever way the last one ended. Rows that run are brought up to
 * date; then everything that belongs to no running row goes: a start that was cut off, a removal that was not finished.
 */
final class Recovery {

    private static final int LOST = 255;

    private final ContainerTable table;
    private final Supervisor supervisor;
    private final Layout layout;
    private final Runc runc;

    Recovery(ContainerTable table, Supervisor supervisor, Layout layout, Runc runc) {
        this.table = table;
        this.supervisor = supervisor;
        this.layout = layout;
        this.runc = runc;
    }

    void run() {
        try {
            supervisor.check();
            table.list().stream()
                    .filter(container -> container.state().isAlive())
                    .filter(container -> runc.isCreated(supervisor.state(), container.id()))
                    .forEach(container -> supervisor.lose(
                            container.id(), LOST, "the daemon was stopped while it started the container"));
            for (Container container : table.list()) {
                if (container.state() == State.EXITED
                        && container.settings().request().autoRemove()) {
                    table.delete(container);
                    supervisor.purge(container);
                }
            }
            removeStrays();
        } catch (IOException failure) {
            throw new HostException("cannot find the containers of a killed daemon: " + failure.getMessage(), failure);
        }
    }

    private void removeStrays() throws IOException {
        List<Container> containers = table.list();
        Set<String> all = containers.stream().map(Container::id).collect(Collectors.toSet());
        Set<String> running = containers.stream()
                .filter(container -> container.state().isAlive())
                .map(Container::id)
                .collect(Collectors.toSet());
        killProcesses(running);
        Set<String> runs = new HashSet<>();
        for (Path folder : List.of(layout.runningContainers(), supervisor.state(), layout.exits())) {
            entries(folder).forEach(entry -> runs.add(entry.getFileName().toString()));
        }
        runs.removeAll(running);
        runs.forEach(id -> supervisor.clear(ContainerFiles.of(layout, id), true));
        for (Path kept : entries(layout.containers())) {
            if (!all.contains(kept.getFileName().toString())) {
                FileTrees.remove(kept);
            }
        }
        new Cgroups(layout).removeExcept(running, "");
    }

    /** Supervisors and runtimes that a killed daemon had just started. */
    private void killProcesses(Set<String> running) throws IOException {
        Map<Integer, List<String>> processes =
                Supervisors.find(List.of("--exit-dir", layout.exits().toString()));
        processes.putAll(Supervisors.find(List.of("--root", supervisor.state().toString())));
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
