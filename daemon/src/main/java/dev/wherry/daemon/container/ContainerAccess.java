package dev.wherry.daemon.container;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.volume.DeviceAccess;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps callers who do not own the host inside of containers: they may neither create a container that reaches the host,
 * nor get into one, nor into one that shares its namespaces or mounts. What a caller of {@link Caller#ownsHost} asks for
 * is never looked at. All checks are made on the thread of the call.
 */
@Singleton
public final class ContainerAccess {

    private static final String HOST = "host";
    private static final String JOINED = "container:";
    private static final String NO_NEW_PRIVILEGES = "no-new-privileges";

    /** Containers that join each other; more in a row are refused. */
    private static final int DEEPEST = 16;

    private final Containers containers;
    private final Volumes volumes;

    public ContainerAccess(Containers containers, Volumes volumes) {
        this.containers = containers;
        this.volumes = volumes;
    }

    /**
     * The caller may create such a container.
     *
     * @throws ForbiddenException naming the first thing that reaches the host
     */
    public void checkCreation(ContainerConfig config) {
        if (!Caller.current().ownsHost()) {
            check(config, DEEPEST);
        }
    }

    /** The caller may have these mounts, where volumes have their names. */
    public void checkMounts(List<MountRequest> mounts) {
        if (!Caller.current().ownsHost()) {
            mounts.forEach(this::check);
        }
    }

    /** The caller may have such limits. */
    public void checkLimits(Resources resources) {
        if (!Caller.current().ownsHost()) {
            check(resources);
        }
    }

    /** The caller may get into a container: run programs in it, type into it, read and write its files. */
    public void checkEntry(Container container) {
        if (!Caller.current().ownsHost()) {
            check(container, DEEPEST);
        }
    }

    private void check(Container container, int depth) {
        check(container.settings().request(), depth);
        container.settings().mounts().forEach(this::check);
    }

    private void check(ContainerConfig config, int depth) {
        Isolation isolation = config.isolation();
        forbid(isolation.privileged(), "a privileged container");
        for (String capability : Capabilities.of(isolation)) {
            forbid(!DefaultSpec.CAPABILITIES.contains(capability), "the capability " + capability);
        }
        for (String option : isolation.securityOptions()) {
            String name = option.split("[=:]", 2)[0];
            forbid(!name.equals(NO_NEW_PRIVILEGES), "the security option " + name);
        }
        namespace("network", config.network(), depth);
        namespace("PID", isolation.pid(), depth);
        namespace("IPC", isolation.ipc(), depth);
        namespace("UTS", isolation.uts(), depth);
        namespace("cgroup", isolation.cgroupNamespace(), depth);
        namespace("user", isolation.userNamespace(), depth);
        isolation.devices().forEach(device -> forbid(true, "the device " + device.hostPath()));
        isolation.deviceRules().forEach(rule -> forbid(true, "the device rule \"" + rule + "\""));
        forbid(config.runtime().contains("/"), "an OCI runtime that is named by its path");
        // OCI runtimes take some of them for settings of their own, such as another filter of system calls.
        forbid(!config.annotations().isEmpty(), "an annotation");
        check(config.resources());
        config.mounts().forEach(this::check);
    }

    private static void check(Resources resources) {
        forbid(!resources.cgroupParent().isEmpty(), "a parent of control groups");
        forbid(resources.oomScoreAdj() < 0, "an OOM score below 0");
        forbid(resources.oomKillDisable(), "a container without OOM killer");
    }

    private void namespace(String kind, String mode, int depth) {
        forbid(mode.equals(HOST), "the host's " + kind + " namespace");
        if (mode.startsWith(JOINED)) {
            forbid(depth == 0, "a container that joins so many others");
            containers.find(mode.substring(JOINED.length())).ifPresent(joined -> check(joined, depth - 1));
        }
    }

    private void check(MountRequest mount) {
        switch (mount.type()) {
            case BIND -> DeviceAccess.checkHostPath(Path.of(mount.source()).normalize());
            case VOLUME -> {
                DeviceAccess.check(mount.volume().options());
                volumes.find(mount.source()).ifPresent(volume -> DeviceAccess.check(volume.options()));
            }
            case TMPFS, IMAGE -> {}
        }
    }

    private static void forbid(boolean wanted, String what) {
        if (wanted) {
            Caller.current().requireHost(what);
        }
    }
}
