package dev.wherry.daemon.container;

import dev.wherry.daemon.metadata.Layout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The paths of one container's files.
 *
 * @param id of the container
 * @param kept the folder of what survives a reboot: the log and the name files
 * @param run the folder that exists while the container runs: bundle and mounted root file system
 * @param exits the folder of all exit files
 * @param state the runtime's state folder, of all containers
 */
public record ContainerLayout(String id, Path kept, Path run, Path exits, Path state) {

    public static final String LOG = "log";

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

    /** The log file that is written, unless the container's pod has another place for it. */
    public Path log() {
        return kept.resolve(LOG);
    }

    /** The log file that is written. */
    public Path log(Container container) {
        return container.settings().request().pod().logFile().orElseGet(this::log);
    }

    /** Exists if the last run ran out of memory. */
    public Path oomMark() {
        return kept.resolve("oom");
    }

    /** Where conmon marks a container of which the kernel killed a process for lack of memory, as soon as that happens. */
    public Path supervisorsOomMark() {
        return bundle().resolve("oom");
    }

    /** Whether the kernel killed a process of the container for lack of memory, in this run or the last. */
    public boolean ranOutOfMemory() {
        return Files.exists(oomMark()) || Files.exists(supervisorsOomMark());
    }

    public Path bundle() {
        return run.resolve("bundle");
    }

    /**
     * The folder of {@code hosts}, {@code hostname} and {@code resolv.conf}, which keep what a user writes there. A
     * container that goes with its first run has them beside its bundle: it needs no room on the disk.
     */
    public static Path names(Layout layout, Container container) {
        ContainerLayout files = of(layout, container.id());
        return container.settings().request().autoRemove() ? files.bundle() : files.kept();
    }

    /** Holds the parent of the container's control groups, if it is not the daemon's own. */
    public Path cgroupParent() {
        return run.resolve("cgroup-parent");
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
}
