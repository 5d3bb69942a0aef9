package dev.wherry.daemon.container;

import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.lifecycle.Changes;
import dev.wherry.daemon.container.lifecycle.ContainerRecovery;
import dev.wherry.daemon.container.lifecycle.Creation;
import dev.wherry.daemon.container.lifecycle.Ending;
import dev.wherry.daemon.container.lifecycle.ExitWatcher;
import dev.wherry.daemon.container.lifecycle.Live;
import dev.wherry.daemon.container.lifecycle.Lives;
import dev.wherry.daemon.container.lifecycle.NamespacePeers;
import dev.wherry.daemon.container.lifecycle.Pausing;
import dev.wherry.daemon.container.lifecycle.Pruned;
import dev.wherry.daemon.container.lifecycle.Signalling;
import dev.wherry.daemon.container.lifecycle.Streams;
import dev.wherry.daemon.container.lifecycle.Supervisor;
import dev.wherry.daemon.container.lifecycle.Transitions;
import dev.wherry.daemon.container.lifecycle.WaitCondition;
import dev.wherry.daemon.container.lifecycle.Waits;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.container.log.Logs;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.Exit;
import dev.wherry.daemon.container.state.Health;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.ResourceUpdate;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The containers of this daemon. One is created from an image, with a writable snapshot of its own, and started as often
 * as wanted. While it runs, conmon holds its streams and outlives the daemon; its end is learned of by the exit file,
 * now or when the next daemon starts. It is removed on request, or at its end when it was asked for. A row in the
 * database is what makes a container: what has none is cleared away by {@link #recover}.
 *
 * <p>Any number of threads may call; those that change one container take turns.
 *
 * <p> Wherever a container is named, its name, its ID or a unique prefix of the ID will do.
 */
@Singleton
public final class Containers {

    public static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final Layout layout;
    private final OciRuntime runc;
    private final ContainerTable table;
    private final Transitions transitions;
    private final Lives lives = new Lives();
    private final Supervisor supervisor;
    private final Creation creation;
    private final Streams streams;
    private final Logs logs;
    private final Waits waits;
    private final Ending ending;
    private final Pausing pausing;
    private final Changes changes;
    private ExitWatcher watcher;

    @Inject
    Containers(
            Database database,
            Events events,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            ImageStore images,
            OciRuntime runc,
            Conmon conmon) {
        this(database, events, layout, leases, snapshotter, images::resolve, runc, conmon);
    }

    /** @param images finds the image that a caller names, or throws {@link NotFoundException} */
    public Containers(
            Database database,
            Events events,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            Function<String, Image> images,
            OciRuntime runc,
            Conmon conmon) {
        this.layout = layout;
        this.runc = runc;
        this.table = new ContainerTable(database);
        this.transitions = new Transitions(database, table, events);
        this.supervisor = new Supervisor(table, lives, transitions, layout, snapshotter, runc, conmon);
        this.creation = new Creation(transitions, new NamespacePeers(table, layout), leases, snapshotter, images);
        this.streams = new Streams(table, lives, layout);
        this.logs = new Logs(table, layout);
        this.waits = new Waits(table, lives);
        this.pausing = new Pausing(table, lives, transitions);
        Signalling signalling = new Signalling(runc, ContainerLayout.state(layout));
        this.ending = new Ending(table, lives, supervisor, waits, transitions, signalling, pausing);
        this.changes = new Changes(
                table,
                lives,
                transitions,
                new ResourceUpdate(runc, ContainerLayout.state(layout)),
                ending,
                snapshotter);
    }

    /**
     * Makes a container, ready to be started.
     *
     * @param name empty for a generated one
     * @throws NotFoundException when the image is not here
     * @throws ConflictException when the name is in use
     * @throws InvalidInputException when the name is malformed or there is no program to run
     */
    public Container create(String name, ContainerConfig config) {
        runc.check(config.runtime(), config.resources().cgroupParent());
        return creation.create(name, config);
    }

    /**
     * Starts a container that does not run; does nothing when it runs, or is about to by its restart policy.
     *
     * @throws ConflictException when it is paused
     * @throws StartException when its program cannot be started
     */
    public void start(String container) throws InterruptedException {
        String id = table.named(container).id();
        Live live = lives.of(id);
        live.lock.lockInterruptibly();
        try {
            while (live.clearing) {
                live.changed.await();
            }
            Container found = table.get(id);
            if (found.state() == State.PAUSED) {
                throw new ConflictException("cannot start a paused container, try unpause instead");
            }
            if (!found.state().isUp()) {
                supervisor.start(found, live);
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** Joins a container's streams, now or when it is started. The caller closes what is returned. */
    public Attachment attach(String container, boolean stdin) {
        return streams.attach(container, stdin);
    }

    /** Tells a container's terminal the size of the client's window, in characters; before the start, for the start. */
    public void resize(String container, int columns, int rows) {
        streams.resize(container, columns, rows);
    }

    /** Waits until the condition holds. */
    public Exit await(String container, WaitCondition condition) throws InterruptedException {
        return waits.await(container, condition);
    }

    /**
     * Sends a signal to the container's first process.
     *
     * @param signal name ("SIGINT", "INT") or number; empty for SIGKILL
     * @throws ConflictException when the container does not run
     */
    public void kill(String container, String signal) {
        ending.kill(container, signal);
    }

    /**
     * Asks a container to stop, and kills it when it has not after the timeout; returns when it has stopped. One that
     * does not run is left as it is.
     *
     * @param timeout empty for the container's own, which is ten seconds when not given; a negative one has no end
     * @param signal what to send first; empty for the container's own stop signal
     */
    public void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        ending.stop(container, timeout, signal);
    }

    /**
     * Stops a container as {@link #stop} does, and starts it.
     *
     * @throws StartException when its program cannot be started
     */
    public void restart(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.named(container);
        ending.stop(found.id(), timeout, signal);
        start(found.id());
        transitions.tell(found, "restart", Map.of());
    }

    /**
     * Freezes all processes of a container.
     *
     * @throws ConflictException when it does not run, or is paused
     */
    public void pause(String container) throws InterruptedException {
        pausing.pause(container);
    }

    /**
     * Lets a paused container go on.
     *
     * @throws ConflictException when it is not paused
     */
    public void unpause(String container) throws InterruptedException {
        pausing.unpause(container);
    }

    /**
     * Gives a container another name.
     *
     * @throws ConflictException when the name is in use
     * @throws InvalidInputException when the name is malformed, or the one it has
     */
    public void rename(String container, String name) throws InterruptedException {
        changes.rename(container, name);
    }

    /**
     * Changes limits and the restart policy, now and for later runs.
     *
     * @param resources what is 0 or empty stays
     * @param restart empty to keep it
     * @return what could not be done as asked, a sentence each
     * @throws ConflictException when the container removes itself and is to be restarted
     */
    public List<String> update(String container, Resources resources, Optional<RestartPolicy> restart)
            throws InterruptedException {
        return changes.update(container, resources, restart);
    }

    /** Removes all containers that do not run and that the condition takes. */
    public Pruned prune(Predicate<Container> condition) throws InterruptedException {
        return changes.prune(condition);
    }

    /**
     * Removes a container and its file system.
     *
     * @param force kill it first when it runs
     * @throws ConflictException when it runs and force is not given
     */
    public void remove(String container, boolean force) throws InterruptedException {
        ending.remove(container, force);
    }

    /** Newest first; without {@code all}, only those that run. */
    public List<Container> list(boolean all) {
        return table.list().stream()
                .filter(container -> all || container.state().isUp())
                .toList();
    }

    /** @throws NotFoundException when there is none, or the prefix is not unique */
    public Container get(String container) {
        return table.named(container);
    }

    /** What is known in memory of a container, with the lock under which it changes. */
    public Live live(Container container) {
        return lives.of(container.id());
    }

    /**
     * Keeps a container that does not run from being started or removed until what is returned is closed, by the same
     * thread. Waits while it is being started or cleared away, after which it may run.
     */
    public Hold hold(Container container) throws InterruptedException {
        Live live = lives.of(container.id());
        live.lock.lockInterruptibly();
        try {
            while (live.clearing) {
                live.changed.await();
            }
        } catch (InterruptedException interrupted) {
            live.lock.unlock();
            throw interrupted;
        }
        return live.lock::unlock;
    }

    /** Of a container: see {@link #hold}. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /** Where a container's files are. */
    public ContainerLayout files(Container container) {
        return ContainerLayout.of(layout, container.id());
    }

    /**
     * A JSON object with docker's field names.
     *
     * @param size of the container, when it was asked for
     * @param execs IDs of those that run in it
     */
    public String inspectJson(Container container, Optional<ContainerSizes.Size> size, List<String> execs) {
        return ContainerInspection.json(container, files(container), size, execs);
    }

    /**
     * Passes on a container's log, to its end or, when following, until the container stops.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void logs(String container, LogRequest request, OutputSink sink) throws InterruptedException {
        logs.read(table.named(container), request, sink);
    }

    /** A health check of a container has told something. The caller holds its lock. */
    public void checked(Container container, Health health) {
        transitions.checked(container, health);
    }

    /** Tells users of something that changes nothing about a container, such as "export"; docker's words. */
    void tell(Container container, String action, Map<String, String> attributes) {
        transitions.tell(container, action, attributes);
    }

    /**
     * Brings database, processes and files together again after a start of the daemon, however the last one ended; then
     * watches for containers that end. Call once, after the snapshotter has recovered and before anything else.
     */
    public void recover() {
        watcher = new ExitWatcher(layout.exits(), supervisor::exitFileAppeared, supervisor::check);
        ContainerRecovery recovery = new ContainerRecovery(table, transitions, pausing, supervisor, layout, runc);
        recovery.run();
        recovery.startDue();
    }

    /** Whether a mount point is the root file system of a container that runs; to be asked before {@link #recover}. */
    public boolean isMounted(Path mountPoint) {
        return table.list().stream()
                .filter(container -> container.state().isAlive())
                .anyMatch(container -> files(container).rootfs().equals(mountPoint));
    }

    /** How long the slowest container that runs may take to stop; one without a limit counts as the longest. */
    public Duration longestStop(Duration longest) {
        return ending.longestStop(longest);
    }

    /**
     * Stops all containers as the host shuts down, all at once, each within its own stop timeout; returns when none runs.
     * Nothing is started any more. A restart policy does not take this for a stop by hand.
     *
     * @param longest of those that have no limit
     */
    public void stopForShutdown(Duration longest) {
        supervisor.close();
        ending.stopForShutdown(longest);
    }

    /** Stops watching. Containers go on running. */
    public void close() {
        supervisor.close();
        if (watcher != null) {
            watcher.close();
        }
    }
}
