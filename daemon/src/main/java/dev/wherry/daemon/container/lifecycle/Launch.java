package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.MemoryShares;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.container.config.ConsoleSize;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountChecks;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.container.network.StartingNetwork;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.MappedMounts;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.bundle.Bundle;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.NameFiles;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.trace.LogIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.jboss.logging.Logger;

/**
 * Starts containers: mounts the file system, writes the bundle, lets conmon and the runtime create the container, while
 * its network is connected, and starts its program. A start that fails leaves nothing behind but the reason in the container's status.
 */
final class Launch {

    private static final Logger LOG = Logger.getLogger(Launch.class);

    private final ContainerTable table;
    private final Transitions transitions;
    private final Cleanup cleanup;
    private final Layout layout;
    private final Snapshotter snapshotter;
    private final OciRuntime runtime;
    private final Conmon conmon;
    private final Cgroups cgroups;
    private final NamespacePeers peers;
    private final VolumeMounting volumes;
    private final OomWatch memory;
    private final ContainerNetworks networks;
    private final Connections connections;
    private final MemoryShares shares;

    Launch(
            ContainerTable table,
            Transitions transitions,
            Cleanup cleanup,
            Layout layout,
            Snapshotter snapshotter,
            OciRuntime runtime,
            Conmon conmon,
            Cgroups cgroups,
            NamespacePeers peers,
            VolumeMounting volumes,
            OomWatch memory,
            ContainerNetworks networks,
            Connections connections,
            MemoryShares shares) {
        this.shares = shares;
        this.table = table;
        this.transitions = transitions;
        this.cleanup = cleanup;
        this.layout = layout;
        this.snapshotter = snapshotter;
        this.runtime = runtime;
        this.conmon = conmon;
        this.cgroups = cgroups;
        this.peers = peers;
        this.volumes = volumes;
        this.memory = memory;
        this.networks = networks;
        this.connections = connections;
    }

    /** Starts a container that does not run because a user wants it to. The caller holds the lock. */
    void byHand(Container container, LiveContainer live) {
        live.delay = Duration.ZERO;
        start(container, container.status().counting(0, false), live, false);
    }

    /**
     * Starts a container that does not run because its restart policy wants it to, which leaves it restarting if the start
     * fails and is to be tried again. The caller holds the lock.
     */
    void byPolicy(Container container, LiveContainer live) {
        start(container, container.status().counting(container.restarts(), false), live, true);
    }

    private void start(Container container, Status before, LiveContainer live, boolean byPolicy) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        LogIds.container(container.shortId());
        try {
            if (live.unclean) {
                cleanup.clear(files, true);
                live.unclean = false;
            }
            try (MemoryShares.Reservation _ = shares.reserve(container, MemoryShares.limit(container))) {
                launch(container, before, files, live);
            }
        } catch (RuntimeException | IOException failure) {
            memory.forget(container.id());
            ExitCode code = failure instanceof StartException known ? known.exitCode() : ExitCode.RUNTIME_FAILED;
            try {
                cleanup.clear(files, true);
            } catch (RuntimeException unclean) {
                failure.addSuppressed(unclean);
            }
            notStarted(container, live, new Exit(code, String.valueOf(failure.getMessage())), byPolicy);
            throw failure instanceof RuntimeException known
                    ? known
                    : new HostException(
                            "cannot start container " + container.shortId() + ": " + failure.getMessage(), failure);
        }
    }

    /** What was asked for when it was made, until a client tells the size of its own window. */
    private static Optional<Window> firstWindow(Container container) {
        ContainerConfig request = container.settings().request();
        ConsoleSize size = request.console();
        return request.tty() && size.rows() > 0 && size.columns() > 0
                ? Optional.of(new Window(size.columns(), size.rows()))
                : Optional.empty();
    }

    private void launch(Container container, Status before, ContainerLayout files, LiveContainer live)
            throws IOException {
        int pid;
        try (StartingNetwork network = networks.begin(container)) {
            pid = network.meanwhile(() -> {
                RuntimeSpec spec = prepare(container, files, network);
                int created = create(files, ConmonSupervision.of(files, container));
                runtime.learn(files.state(), container.id(), spec);
                return created;
            });
        }
        memory.watch(container);
        live.takeWaiting().forEach(attachment -> attachment.connect(files.attachSocket()));
        live.window.or(() -> firstWindow(container)).ifPresent(window -> window.tell(files.control()));
        // The transaction waits for the disk, the runtime for the kernel: together they take as long as one.
        // A reader of its log asks for what was written since then, so that nothing may be written before.
        Instant begin = Instant.now();
        FutureTask<Void> started = new FutureTask<>(() -> runtime.start(files.state(), container.id()), null);
        Thread.ofVirtual().name("start-" + container.shortId()).start(started);
        try {
            transitions.started(
                    container,
                    before.running(
                            pid,
                            Processes.startTime(pid).orElse(0),
                            Boot.id(),
                            begin,
                            container.settings().request().health().isAsked()
                                    ? Optional.of(Health.UNKNOWN)
                                    : Optional.empty()));
        } finally {
            Background.join(started);
        }
        connections.tellLinked(container);
        LOG.debugf("started as process %d", pid);
    }

    private RuntimeSpec prepare(Container container, ContainerLayout files, StartingNetwork network)
            throws IOException {
        Files.createDirectories(layout.runningContainers());
        Files.createDirectories(
                files.run(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String parent = container.settings().request().resources().cgroupParent();
        if (!parent.isEmpty()) {
            Files.writeString(files.cgroupParent(), parent);
        }
        Optional<Path> log = container.settings().request().pod().logFile();
        if (log.isPresent()) {
            Files.createDirectories(log.get().getParent());
        }
        Files.createDirectories(files.bundle());
        Files.createDirectories(files.rootfs());
        Files.createDirectories(files.kept());
        Files.deleteIfExists(files.oomMark());
        MountChecks.makeSources(container.settings().mounts());
        JoinedContainers joined = peers.of(container);
        Optional<MappedMounts.Users> users = joined.users().map(JoinedContainers.Users::ofFiles);
        if (users.isPresent()) {
            // Its root goes through here, as an ordinary user, to find the file system.
            Inodes.lchown(files.run(), 0, users.get().rootGid());
            Inodes.chmod(files.run(), 0710);
            snapshotter.mount(container.snapshot().orElseThrow(), files.rootfs(), users.get());
        } else {
            snapshotter.mount(container.snapshot().orElseThrow(), files.rootfs());
        }
        runtime.assign(files.bundle(), container.settings().request().runtime());
        ContainerProcess process =
                container.settings().process(joined, network.process(), volumes.mount(container, files, users));
        Path names = ContainerLayout.names(layout, container);
        NameFiles.write(names, process, network.names());
        return Bundle.write(
                files.bundle(),
                names,
                files.rootfs(),
                process,
                cgroups.path(container.id(), parent),
                profile -> runtime.annotations(files.bundle(), profile));
    }

    private int create(ContainerLayout files, Supervision supervision) {
        try (CreateWatch watch = CreateWatch.begin(files, supervision, cgroups)) {
            return conmon.create(supervision);
        }
    }

    private void notStarted(Container container, LiveContainer live, Exit exit, boolean byPolicy) {
        Container now = table.existing(container.id());
        boolean retried = byPolicy && RestartRules.isRetried(now, exit);
        if (now.settings().request().autoRemove()) {
            transitions.removed(now, true);
            live.ended(exit);
            live.removed(now.id());
            Background.finish("purge-" + now.shortId(), () -> cleanup.purge(now));
        } else if (now.state().isAlive()) {
            transitions.ended(now, retried ? State.RESTARTING : State.EXITED, exit, Instant.now(), false);
            live.ended(exit);
        } else if (retried) {
            transitions.toBeRetried(now, exit);
            live.ended(exit);
        } else {
            transitions.notStarted(now, exit);
            live.ended(exit);
        }
    }
}
