package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.bundle.MemoryMounts;
import dev.wherry.daemon.runtime.bundle.ShareableMemory;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.cgroup.Freezer;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** Clears away what a run of a container, or a container, leaves. What is not there is fine, so that it can be repeated. */
final class Cleanup {

    private final Layout layout;
    private final LiveContainers lives;
    private final Snapshotter snapshotter;
    private final OciRuntime runc;
    private final Cgroups cgroups;
    private final VolumeMounting volumes;
    private final ContainerNetworks networks;

    Cleanup(
            Layout layout,
            LiveContainers lives,
            Snapshotter snapshotter,
            OciRuntime runc,
            Cgroups cgroups,
            VolumeMounting volumes,
            ContainerNetworks networks) {
        this.layout = layout;
        this.lives = lives;
        this.snapshotter = snapshotter;
        this.runc = runc;
        this.cgroups = cgroups;
        this.volumes = volumes;
        this.networks = networks;
    }

    /** Removes what there is of a run, and with {@code kill} its processes. */
    void clear(ContainerLayout files, boolean kill) {
        try {
            String parent = Files.exists(files.cgroupParent()) ? Files.readString(files.cgroupParent()) : "";
            if (kill) {
                kill(files, parent);
            }
            boolean known = Files.exists(files.state().resolve(files.id()));
            if (known && kill) {
                runc.delete(files.state(), files.id());
            }
            cgroups.remove(files.id(), parent);
            // Others may wait for its ports and addresses.
            networks.tearDown(files.id());
            if (known && !kill) {
                runc.forget(files.state(), files.id());
            }
            snapshotter.unmount(files.rootfs());
            ShareableMemory.unmount(files.bundle());
            MemoryMounts.unmount(files.bundle());
            volumes.unmount(files);
            FileTrees.remove(files.run());
            Files.deleteIfExists(files.exitFile());
        } catch (IOException failure) {
            throw new HostException("cannot clear away container " + files.id() + ": " + failure.getMessage(), failure);
        }
    }

    private void kill(ContainerLayout files, String parent) throws IOException {
        Supervision marks = ConmonSupervision.mark(files);
        Optional<Integer> pid = Conmon.conmonPid(marks);
        if (pid.isPresent() && Supervisors.isAlive(pid.get(), marks.mark())) {
            Processes.kill(pid.get(), Processes.SIGKILL);
        }
        // What is frozen does not die, and the runtime would wait for it.
        Freezer.ofGroup(cgroups.path(files.id(), parent))
                .filter(Freezer::isFrozen)
                .ifPresent(Freezer::thaw);
    }

    /** Removes what survives the runs of a container that has no row any more. */
    void purge(Container container) {
        try {
            FileTrees.remove(ContainerLayout.of(layout, container.id()).kept());
            container.snapshot().ifPresent(snapshotter::discard);
        } catch (IOException failure) {
            throw new HostException(
                    "cannot remove container " + container.shortId() + ": " + failure.getMessage(), failure);
        } finally {
            lives.forget(container.id());
        }
    }
}
