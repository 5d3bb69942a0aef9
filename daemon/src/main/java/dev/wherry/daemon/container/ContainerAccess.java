package dev.wherry.daemon.container;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.HostFolder;
import dev.wherry.daemon.container.config.MountChecks;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.security.SystemPaths;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.volume.DeviceAccess;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

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

    private static final Set<String> PRIVATE = Set.of("", "private", "rprivate");
    private static final Path NOWHERE = Path.of("");

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
            config.mounts().forEach(this::check);
        }
    }

    /**
     * The mounts as the caller may have them, where volumes have their names: what is below a listed path of the host must
     * not lead out of it, whenever it is mounted.
     *
     * @throws ForbiddenException naming the first that the caller may not have
     */
    public List<MountRequest> confine(List<MountRequest> mounts) {
        return Caller.current().ownsHost()
                ? mounts
                : mounts.stream().map(this::confine).toList();
    }

    private MountRequest confine(MountRequest mount) {
        check(mount);
        if (mount.type() != MountRequest.Type.BIND) {
            return mount;
        }
        Path source = Path.of(mount.source()).normalize();
        Path listed = folder(source);
        boolean below = !listed.equals(source);
        // Between a listed path and the container lies a mount of the daemon's own, which is private.
        forbid(
                below && !PRIVATE.contains(mount.propagation()),
                "the propagation " + mount.propagation() + " of a mount below " + listed);
        MountRequest confined = below ? mount.within(listed) : mount.within(NOWHERE);
        try (Handle found = HostFolder.open(confined).orElse(null)) {
            if (found == null && !mount.createSource() && (below || !Files.exists(source))) {
                throw MountChecks.absent(mount);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot look for " + source, failure);
        }
        return confined;
    }

    private static Path folder(Path source) {
        return Caller.current().hostFolder(source).orElseThrow(() -> DeviceAccess.forbidden(source));
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
        container.settings().mounts().forEach(this::checkMounted);
    }

    /** What an administrator mounted from below a listed path may have led out of it. */
    private void checkMounted(MountRequest mount) {
        check(mount);
        if (mount.type() == MountRequest.Type.BIND) {
            Path source = Path.of(mount.source()).normalize();
            Path listed = folder(source);
            if (!listed.equals(source) && !mount.within().equals(listed.toString())) {
                throw DeviceAccess.forbidden(source);
            }
        }
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
        forbid(SystemPaths.isLoosenedBy(isolation), "a path of the kernel that is usually hidden or read-only");
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
            case BIND -> folder(Path.of(mount.source()).normalize());
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
