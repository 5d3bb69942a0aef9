package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.Bundle;
import dev.wherry.daemon.runtime.bundle.ContainerOptions;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The one process that a sandbox may have: the first in a PID namespace that containers of the pod share. It is started
 * for the first container that wants it, by the OCI runtime from a bundle in the folder of the sandbox, and needs no
 * image.
 */
@Singleton
final class PauseProcess {

    private static final String PROGRAM = "/pause";
    private static final Duration LONGEST_START = Duration.ofMinutes(1);

    private final Layout layout;
    private final OciRuntime runtime;
    private final Cgroups cgroups;

    PauseProcess(Layout layout, OciRuntime runtime) {
        this.layout = layout;
        this.runtime = runtime;
        this.cgroups = new Cgroups(layout, runtime.cgroups());
    }

    /** The runtime looks for the bundles of its containers beside its state. */
    private record PauseFiles(Path folder, String id) {

        Path state() {
            return folder.resolve("runtime");
        }

        Path bundle() {
            return OciRuntime.bundle(state(), id);
        }

        Path rootfs() {
            return folder.resolve("rootfs");
        }

        Path pid() {
            return folder.resolve("pause.pid");
        }
    }

    private PauseFiles files(String id) {
        return new PauseFiles(SandboxFiles.of(layout, id).folder(), id);
    }

    /** Starts it, unless it runs. The caller lets no two of these calls for one sandbox run at once. */
    void start(Pod sandbox) {
        if (isAlive(sandbox.id())) {
            return;
        }
        SandboxFiles shared = SandboxFiles.of(layout, sandbox.id());
        PauseFiles files = files(sandbox.id());
        try {
            // One that was killed leaves a namespace in which nothing can run any more.
            remove(sandbox);
            Files.createDirectories(files.rootfs());
            Files.createDirectories(files.bundle());
            Files.createDirectories(files.state());
            runtime.assign(files.bundle(), sandbox.config().runtime());
            Bundle.write(
                    files.bundle(),
                    shared.names(),
                    files.rootfs(),
                    process(sandbox, shared),
                    cgroups.path(sandbox.id(), sandbox.config().cgroupParent()),
                    _ -> Map.of());
            run(files);
            int pid = Integer.parseInt(Files.readString(files.pid()).strip());
            Files.writeString(
                    files.pid(),
                    pid + " "
                            + Processes.startTime(pid)
                                    .orElseThrow(() -> new HostException("the pause process ended at once")));
            NetworkNamespace.pin(Path.of("/proc", Integer.toString(pid), "ns", "pid"), shared.namespace("pid"));
        } catch (IOException failure) {
            throw new HostException(
                    "cannot make a PID namespace for " + sandbox.config().title() + ": " + failure.getMessage(),
                    failure);
        }
    }

    private ContainerProcess process(Pod sandbox, SandboxFiles shared) {
        JoinedContainers joined = new JoinedContainers(
                Optional.of(shared.peer()).filter(_ -> sandbox.config().hasNetwork()),
                Optional.empty(),
                Optional.of(shared.peer()).filter(_ -> sandbox.config().ipc() == SandboxConfig.Share.POD),
                Optional.of(shared.peer()).filter(_ -> sandbox.config().hasNetwork()),
                Optional.of(shared.names()));
        boolean own = sandbox.config().hasNetwork();
        Isolation none = Isolation.DEFAULT;
        Isolation isolation = new Isolation(
                false,
                false,
                List.of(),
                List.of("ALL"),
                List.of("no-new-privileges"),
                "",
                sandbox.config().ipc() == SandboxConfig.Share.NODE ? "host" : "",
                own ? "" : "host",
                "",
                "",
                Map.of(),
                none.groups(),
                none.devices(),
                none.deviceRules(),
                none.limits());
        return new ContainerProcess(
                List.of(PROGRAM),
                List.of(),
                "",
                "",
                false,
                ProcessNetwork.of(own ? NetworkMode.CONTAINER : NetworkMode.HOST),
                "",
                new ProcessAdditions(
                        List.of(new ExtraMount.HostPath(
                                PauseProgram.write(layout.sandboxes().resolve("pause")),
                                PROGRAM,
                                true,
                                false,
                                "rprivate",
                                false)),
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        List.of(),
                        false),
                new ContainerOptions(
                        isolation,
                        Resources.DEFAULT,
                        ResolverConfig.HOST,
                        false,
                        "",
                        Map.of(),
                        sandbox.config().runtime(),
                        joined));
    }

    private void run(PauseFiles files) throws IOException {
        Path errors = files.folder().resolve("pause.log");
        List<String> command = runtime.detachedCommand(files.state(), errors, files.bundle(), files.pid(), files.id());
        try (Spawn.Child child = Spawn.start(
                command, OciRuntime.VARIABLES, files.bundle(), files.folder().resolve("pause.errors"), 0)) {
            if (child.await(LONGEST_START) != 0) {
                throw new HostException("the OCI runtime cannot start the pause process: "
                        + Files.readString(errors).strip());
            }
        }
    }

    /** Whether it runs. */
    boolean isAlive(String id) {
        try {
            String[] parts = Files.readString(files(id).pid()).strip().split(" ");
            return parts.length == 2
                    && Processes.startTime(Integer.parseInt(parts[0])).orElse(-1) == Long.parseLong(parts[1]);
        } catch (IOException | NumberFormatException none) {
            return false;
        }
    }

    /** Whether the sandbox has had one. */
    boolean isExpected(String id) {
        return Files.exists(files(id).pid());
    }

    /** Kills it, and removes what there is of it; nothing there is fine. */
    void remove(Pod sandbox) throws IOException {
        remove(sandbox.id(), sandbox.config().cgroupParent());
    }

    void remove(String id, String cgroupParent) throws IOException {
        PauseFiles files = files(id);
        if (Files.exists(files.bundle())) {
            runtime.delete(files.state(), id);
        }
        cgroups.remove(id, cgroupParent);
        NetworkNamespace.remove(SandboxFiles.of(layout, id).namespace("pid"));
        Files.deleteIfExists(files.pid());
        FileTrees.remove(files.state());
        FileTrees.remove(files.folder().resolve("containers"));
        FileTrees.remove(files.rootfs());
    }
}
