package dev.wherry.daemon.container.state;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.container.log.LogFiles;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.conmon.Conmon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where one container's files are.
 *
 * @param id the container's
 * @param kept what survives a reboot: the log
 * @param run what there is while it runs: bundle and mounted root file system
 * @param exits the folder of exit files
 * @param state the runtime's state folder, of all containers
 */
public record ContainerLayout(String id, Path kept, Path run, Path exits, Path state) {

    public static ContainerLayout of(Layout layout, String id) {
        return new ContainerLayout(
                id,
                layout.containers().resolve(id),
                layout.runningContainers().resolve(id),
                layout.exits(),
                state(layout));
    }

    public static Path state(Layout layout) {
        return layout.runRoot().resolve("runtime");
    }

    public LogFiles logs() {
        return new LogFiles(kept);
    }

    public Path log() {
        return logs().current();
    }

    /** There when its last run ran out of memory. */
    public Path oomMark() {
        return kept.resolve("oom");
    }

    /** Where conmon notes that, as soon as it happens, to any process of the container. */
    public Path supervisorsOomMark() {
        return bundle().resolve("oom");
    }

    /** Whether the kernel has ended a process of the container, in this run or the last, since memory ran out. */
    public boolean ranOutOfMemory() {
        return Files.exists(oomMark()) || Files.exists(supervisorsOomMark());
    }

    public Path bundle() {
        return run.resolve("bundle");
    }

    public Path rootfs() {
        return run.resolve("rootfs");
    }

    public Path exitFile() {
        return exits.resolve(id);
    }

    /** Takes window sizes, as "1 ROWS COLUMNS". */
    public Path control() {
        return bundle().resolve("ctl");
    }

    public Path attachSocket() {
        return bundle().resolve("attach");
    }

    public Conmon.Supervision supervision(Container container) {
        ContainerConfig config = container.settings().request();
        LogOptions log = LogOptions.of(config.log());
        return supervision(config, container.name(), log.arguments(log(), log.tag(container)));
    }

    /** Only to recognise a supervisor by. */
    public Conmon.Supervision supervision(ContainerConfig config) {
        return supervision(config, id, List.of());
    }

    private Conmon.Supervision supervision(ContainerConfig config, String name, List<String> log) {
        return new Conmon.Supervision(
                id,
                name,
                bundle(),
                state,
                exits,
                log,
                config.tty(),
                config.stdinOpen(),
                config.stdinOpen() && (config.tty() || !config.stdinOnce()));
    }
}
