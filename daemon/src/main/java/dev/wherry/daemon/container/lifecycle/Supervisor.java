package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.config.MountChecks;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.Exit;
import dev.wherry.daemon.container.state.Health;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.container.state.Status;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.bundle.Bundle;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Brings containers to life, learns of their end, and clears away what is left. Keeps what is known in memory. */
public final class Supervisor {

    private static final Logger LOG = Logger.getLogger(Supervisor.class);
    private static final int RUNTIME_FAILED = 125;
    private static final int LOST = 255;
    private static final int KILLED = 137;

    private final ContainerTable table;
    private final Lives lives;
    private final Transitions transitions;
    private final Cleanup remains;
    private final Layout layout;
    private final Snapshotter snapshotter;
    private final OciRuntime runc;
    private final Conmon conmon;
    private final Cgroups cgroups;
    private final NamespacePeers companions;
    /** How many are started at once by themselves: after a reboot all of them want to be. */
    private final Semaphore starts = new Semaphore(2 * Runtime.getRuntime().availableProcessors());

    /** Before that, what starts would be taken for what the last daemon left. */
    private final CountDownLatch recovered = new CountDownLatch(1);

    private volatile boolean closed;

    public Supervisor(
            ContainerTable table,
            Lives lives,
            Transitions transitions,
            Layout layout,
            Snapshotter snapshotter,
            OciRuntime runc,
            Conmon conmon) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.layout = layout;
        this.snapshotter = snapshotter;
        this.runc = runc;
        this.conmon = conmon;
        this.cgroups = new Cgroups(layout, runc.cgroups());
        this.companions = new NamespacePeers(table, layout);
        this.remains = new Cleanup(layout, lives, snapshotter, runc, cgroups);
    }

    /** Starts a container that does not run, because somebody wants it to. The caller holds the lock. */
    public void start(Container container, Live live) {
        live.delay = Duration.ZERO;
        start(container, container.status().counting(0, false), live);
    }

    private void start(Container container, Status before, Live live) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        try {
            launch(container, before, files, live);
        } catch (RuntimeException | IOException failure) {
            remains.clear(files, true);
            int code = failure instanceof StartException known ? known.exitCode() : RUNTIME_FAILED;
            notStarted(container, live, new Exit(code, String.valueOf(failure.getMessage())));
            throw failure instanceof RuntimeException known
                    ? known
                    : new HostException(
                            "cannot start container " + container.shortId() + ": " + failure.getMessage(), failure);
        }
    }

    private void launch(Container container, Status before, ContainerLayout files, Live live) throws IOException {
        Files.createDirectories(layout.runningContainers());
        Files.createDirectories(
                files.run(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(files.bundle());
        Files.createDirectories(files.rootfs());
        Files.createDirectories(files.kept());
        Files.deleteIfExists(files.oomMark());
        MountChecks.makeSources(container.settings().request().mounts());
        snapshotter.mount(container.snapshot().orElseThrow(), files.rootfs());
        runc.assign(files.bundle(), container.settings().request().runtime());
        Bundle.write(
                files.bundle(),
                files.rootfs(),
                container.settings().process(companions.of(container)),
                cgroups.path(
                        container.id(),
                        container.settings().request().resources().cgroupParent()));
        int pid = create(files, files.supervision(container));
        live.waiting.forEach(attachment -> attachment.connect(files.attachSocket()));
        live.waiting.clear();
        live.window.ifPresent(window -> window.tell(files.control()));
        // The transaction waits for the disk, the runtime for the kernel: together they take as long as one.
        FutureTask<Void> started = new FutureTask<>(() -> runc.start(files.state(), container.id()), null);
        Thread.ofVirtual().start(started);
        try {
            transitions.started(
                    container,
                    before.running(
                            pid,
                            Processes.startTime(pid).orElse(0),
                            Boot.id(),
                            Instant.now(),
                            container.settings().request().health().isAsked()
                                    ? Optional.of(Health.UNKNOWN)
                                    : Optional.empty()));
        } finally {
            join(started);
        }
    }

    private int create(ContainerLayout files, Supervision supervision) {
        try (CreateWatch watch = CreateWatch.begin(files, supervision, cgroups)) {
            return conmon.create(supervision);
        }
    }

    private static void join(FutureTask<Void> task) {
        boolean interrupted = false;
        while (true) {
            try {
                task.get();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof RuntimeException known
                        ? known
                        : new IllegalStateException(failure.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void notStarted(Container container, Live live, Exit exit) {
        Container now = table.get(container.id());
        if (now.settings().request().autoRemove()) {
            transitions.removed(now);
            live.removed = true;
            Thread.ofVirtual().start(() -> remains.purge(now));
        } else if (now.state().isAlive()) {
            transitions.ended(now, State.EXITED, exit, Instant.now(), false);
        } else {
            transitions.notStarted(now, exit);
        }
        live.ended(exit);
    }

    /** A container's exit file has appeared. */
    public void exitFileAppeared(String id) {
        ContainerLayout files = ContainerLayout.of(layout, id);
        Live live = lives.of(id);
        live.lock.lock();
        try {
            Optional<Container> container =
                    table.find(id).filter(found -> found.state().isAlive());
            if (container.isPresent() && Files.exists(files.exitFile())) {
                // systemd removes the control groups as soon as they are empty: then only conmon's mark tells.
                if (Files.exists(files.supervisorsOomMark())
                        || cgroups.ranOutOfMemory(
                                id,
                                container.get().settings().request().resources().cgroupParent())) {
                    // One of a daemon that was killed here may be there.
                    Files.write(files.oomMark(), new byte[0]);
                }
                int code = Integer.parseInt(Files.readString(files.exitFile()).strip());
                Instant time = Files.getLastModifiedTime(files.exitFile()).toInstant();
                ended(container.get(), live, new Exit(code, ""), time, false);
            }
        } catch (IOException | NumberFormatException failure) {
            lose(id, LOST, "its exit code could not be read: " + failure.getMessage());
        } finally {
            live.lock.unlock();
        }
    }

    /** Takes a container for ended although nobody says so, and kills what is left of it. */
    void lose(String id, int code, String why) {
        Live live = lives.of(id);
        live.lock.lock();
        try {
            table.find(id)
                    .filter(found -> found.state().isAlive())
                    .ifPresent(found -> ended(found, live, new Exit(code, why), Instant.now(), true));
        } finally {
            live.lock.unlock();
        }
    }

    /** The waiting client is told first; clearing away takes longer than all else. */
    private void ended(Container container, Live live, Exit exit, Instant time, boolean kill) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        boolean remove = container.settings().request().autoRemove();
        Optional<Duration> again = remove ? Optional.empty() : Restarts.delay(container, live, exit, time);
        if (remove) {
            transitions.endedAndRemoved(container, exit, time);
            live.removed = true;
        } else {
            State next = again.isPresent() ? State.RESTARTING : State.EXITED;
            transitions.ended(container, next, exit, time, Files.exists(files.oomMark()));
        }
        live.clearing = true;
        live.ended(exit);
        Thread.ofVirtual().start(() -> {
            try {
                remains.clear(files, kill);
                if (remove) {
                    remains.purge(container);
                }
            } catch (HostException failure) {
                LOG.warn(failure.getMessage());
            } finally {
                live.lock.lock();
                live.clearing = false;
                live.changed.signalAll();
                live.lock.unlock();
            }
            again.ifPresent(delay -> startAgain(container.id(), delay, found -> found.state() == State.RESTARTING));
        });
    }

    /**
     * Waits, and starts a container whose restart policy wants it.
     *
     * @param wanted whether it still does: somebody else may have decided meanwhile
     */
    void startAgain(String id, Duration delay, Predicate<Container> wanted) {
        Live live = lives.of(id);
        live.lock.lock();
        try {
            long left = delay.toNanos();
            while (left > 0 && mayStart(id, wanted)) {
                left = live.changed.awaitNanos(left);
            }
        } catch (InterruptedException end) {
            return;
        } finally {
            live.lock.unlock();
        }
        try {
            recovered.await();
        } catch (InterruptedException end) {
            return;
        }
        starts.acquireUninterruptibly();
        live.lock.lock();
        try {
            if (mayStart(id, wanted) && !live.clearing) {
                Container container = table.get(id);
                start(container, container.status(), live);
            }
        } catch (WherryException failure) {
            LOG.warnf("container %s is not started again: %s", id.substring(0, 12), failure.getMessage());
        } finally {
            live.lock.unlock();
            starts.release();
        }
    }

    private boolean mayStart(String id, Predicate<Container> wanted) {
        return !closed && table.find(id).filter(wanted).isPresent();
    }

    /** Removes what an earlier daemon left of a run, in whatever state, unless the container runs. */
    void clearStray(String id) {
        Live live = lives.of(id);
        live.lock.lock();
        try {
            while (live.clearing) {
                live.changed.awaitUninterruptibly();
            }
            Optional<Container> found = table.find(id);
            if (found.filter(container -> container.state().isAlive()).isEmpty()) {
                remains.clear(ContainerLayout.of(layout, id), true);
            }
            if (found.isEmpty()) {
                lives.forget(id);
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** What earlier daemons left is in order: from now on containers are started by their restart policies. */
    void recovered() {
        recovered.countDown();
    }

    /** Starts nothing more by itself. */
    public void close() {
        closed = true;
    }

    void purge(Container container) {
        remains.purge(container);
    }

    /** Looks at each running container: one whose supervisor is gone will never leave an exit file. */
    public void check() {
        for (Container container : table.list()) {
            if (container.state().isAlive()) {
                check(container);
            }
        }
    }

    /** As {@link #check()}, of one. */
    void check(Container container) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        Supervision marks = files.supervision(container.settings().request());
        boolean supervised = Conmon.conmonPid(marks)
                .filter(pid -> Supervisors.isAlive(pid, marks.mark()))
                .isPresent();
        if (Files.exists(files.exitFile())) {
            exitFileAppeared(container.id());
        } else if (!container.bootId().equals(Boot.id())) {
            lose(container.id(), LOST, "the host was restarted while the container ran");
        } else if (!supervised) {
            loseUnlessEnded(container, files);
        }
    }

    /** The exit file may have appeared since it was looked for, and the container started anew. */
    private void loseUnlessEnded(Container container, ContainerLayout files) {
        Live live = lives.of(container.id());
        live.lock.lock();
        try {
            if (Files.exists(files.exitFile())) {
                exitFileAppeared(container.id());
            } else if (table.find(container.id())
                    .filter(now -> now.pid() == container.pid())
                    .isPresent()) {
                lose(container.id(), KILLED, "the supervisor of the container (conmon) was killed");
            }
        } finally {
            live.lock.unlock();
        }
    }
}
