package dev.wherry.daemon.container;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.runtime.Conmon;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.Runc;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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

    static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final int KILLED = 137;

    private final SecureRandom random = new SecureRandom();
    private final Layout layout;
    private final Leases leases;
    private final Snapshotter snapshotter;
    private final Function<String, Image> images;
    private final Runc runc;
    private final ContainerTable table;
    private final Supervisor supervisor;
    private ExitWatcher watcher;

    @Inject
    Containers(
            Database database,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            ImageStore images,
            Runc runc,
            Conmon conmon) {
        this(database, layout, leases, snapshotter, images::resolve, runc, conmon);
    }

    /** @param images finds the image that a caller names, or throws {@link NotFoundException} */
    public Containers(
            Database database,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            Function<String, Image> images,
            Runc runc,
            Conmon conmon) {
        this.layout = layout;
        this.leases = leases;
        this.snapshotter = snapshotter;
        this.images = images;
        this.runc = runc;
        this.table = new ContainerTable(database);
        this.supervisor = new Supervisor(table, layout, snapshotter, runc, conmon);
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
        Image image = images.apply(config.image());
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Settings settings = Settings.of(config, image.config().config(), id.substring(0, 12));
        if (!name.isEmpty()) {
            Names.check(name);
        }
        try (Lease lease = leases.open()) {
            SnapshotId snapshot = snapshotter.prepare(lease, image.snapshot());
            try {
                return insert(name, id, image, settings, snapshot);
            } catch (RuntimeException failure) {
                snapshotter.discard(snapshot);
                throw failure;
            }
        }
    }

    private Container insert(String name, String id, Image image, Settings settings, SnapshotId snapshot) {
        for (int attempt = 0; ; attempt++) {
            Container container = new Container(
                    id,
                    name.isEmpty() ? Names.generate(attempt) : name,
                    image.id(),
                    settings,
                    Optional.of(snapshot),
                    State.CREATED,
                    0,
                    0,
                    "",
                    Instant.now(),
                    Optional.empty(),
                    Optional.empty(),
                    "");
            try {
                table.insert(container);
                return container;
            } catch (ConflictException taken) {
                if (!name.isEmpty() || attempt == 20) {
                    throw taken;
                }
            }
        }
    }

    /**
     * Starts a container that does not run; does nothing when it runs.
     *
     * @throws StartException when its program cannot be started
     */
    public void start(String container) throws InterruptedException {
        String id = table.named(container).id();
        Live live = supervisor.live(id);
        live.lock.lockInterruptibly();
        try {
            while (live.clearing) {
                live.changed.await();
            }
            Container found = table.get(id);
            if (!found.state().isAlive()) {
                supervisor.start(found, live);
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** Joins a container's streams, now or when it is started. The caller closes what is returned. */
    public Attachment attach(String container, boolean stdin) {
        String id = table.named(container).id();
        Live live = supervisor.live(id);
        live.lock.lock();
        try {
            Container found = table.get(id);
            Attachment attachment = new Attachment(stdin);
            if (found.state().isAlive()) {
                attachment.connect(ContainerFiles.of(layout, id).attachSocket());
            } else {
                live.waiting.add(attachment);
            }
            return attachment;
        } finally {
            live.lock.unlock();
        }
    }

    /** Tells a container's terminal the size of the client's window, in characters; before the start, for the start. */
    public void resize(String container, int columns, int rows) {
        Container named = table.named(container);
        if (!named.settings().request().tty()) {
            return;
        }
        Live live = supervisor.live(named.id());
        live.lock.lock();
        try {
            live.window = Optional.of(new Window(columns, rows));
            if (table.get(named.id()).state().isAlive()) {
                live.window.get().tell(ContainerFiles.of(layout, named.id()).control());
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** Waits until the condition holds. */
    public Exit await(String container, WaitCondition condition) throws InterruptedException {
        return await(container, condition, Optional.empty()).orElseThrow();
    }

    private Optional<Exit> await(String container, WaitCondition condition, Optional<Duration> timeout)
            throws InterruptedException {
        String id = table.named(container).id();
        long deadline = System.nanoTime() + timeout.map(Duration::toNanos).orElse(0L);
        Live live = supervisor.live(id);
        live.lock.lockInterruptibly();
        try {
            int exits = live.exits;
            while (true) {
                Optional<Exit> exit = reached(id, condition, live, exits);
                if (exit.isPresent()) {
                    return exit;
                }
                if (timeout.isEmpty()) {
                    live.changed.await();
                } else if (live.changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return Optional.empty();
                }
            }
        } finally {
            live.lock.unlock();
        }
    }

    private Optional<Exit> reached(String id, WaitCondition condition, Live live, int exits) {
        if (live.removed) {
            return Optional.of(live.lastExit);
        }
        return switch (condition) {
            case NOT_RUNNING ->
                table.find(id)
                        .filter(container -> !container.state().isAlive())
                        .map(container -> new Exit(container.exitCode(), container.error()));
            case NEXT_EXIT -> live.exits > exits ? Optional.of(live.lastExit) : Optional.empty();
            case REMOVED -> Optional.empty();
        };
    }

    /**
     * Sends a signal to the container's first process.
     *
     * @param signal name ("SIGINT", "INT") or number; empty for SIGKILL
     * @throws ConflictException when the container does not run
     */
    public void kill(String container, String signal) {
        int number = signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
        Container found = table.named(container);
        if (!found.state().isAlive() || !runc.kill(supervisor.state(), found.id(), number)) {
            throw new ConflictException("cannot kill container " + container + ": it is not running");
        }
    }

    /**
     * Asks a container to stop, and kills it when it has not after the timeout; returns when it has stopped. One that
     * does not run is left as it is.
     *
     * @param timeout empty for ten seconds
     * @param signal what to send first; empty for the container's own stop signal
     */
    public void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.named(container);
        int number = Signals.parse(signal.isEmpty() ? found.settings().stopSignal() : signal);
        if (!found.state().isAlive()) {
            return;
        }
        runc.kill(supervisor.state(), found.id(), number);
        if (await(found.id(), timeout.or(() -> Optional.of(STOP_TIMEOUT))).isEmpty()) {
            end(found);
        }
    }

    private Optional<Exit> await(String id, Optional<Duration> timeout) throws InterruptedException {
        try {
            return await(id, WaitCondition.NOT_RUNNING, timeout);
        } catch (NotFoundException removedMeanwhile) {
            return Optional.of(new Exit(0, ""));
        }
    }

    /** Kills a container for good, even one whose supervisor does not report its end. */
    private void end(Container container) throws InterruptedException {
        runc.kill(supervisor.state(), container.id(), Signals.KILL);
        if (await(container.id(), Optional.of(KILL_TIMEOUT)).isEmpty()) {
            supervisor.lose(container.id(), KILLED, "its end was not reported");
        }
    }

    /**
     * Removes a container and its file system.
     *
     * @param force kill it first when it runs
     * @throws ConflictException when it runs and force is not given
     */
    public void remove(String container, boolean force) throws InterruptedException {
        Container found = table.named(container);
        if (found.state().isAlive()) {
            if (!force) {
                throw new ConflictException("cannot remove container " + container
                        + ": it is running; stop it first, or remove it by force");
            }
            end(found);
        }
        Live live = supervisor.live(found.id());
        live.lock.lockInterruptibly();
        try {
            while (live.clearing) {
                live.changed.await();
            }
            Optional<Container> now = table.find(found.id());
            if (now.isEmpty()) {
                return;
            }
            if (now.get().state().isAlive()) {
                throw new ConflictException("cannot remove container " + container + ": it was started meanwhile");
            }
            table.delete(now.get());
            live.removed = true;
            live.waiting.forEach(Attachment::cancel);
            live.changed.signalAll();
        } finally {
            live.lock.unlock();
        }
        Thread.ofVirtual().start(() -> supervisor.purge(found));
    }

    /** Newest first; without {@code all}, only those that run. */
    public List<Container> list(boolean all) {
        return table.list().stream()
                .filter(container -> all || container.state().isAlive())
                .toList();
    }

    /** @throws NotFoundException when there is none, or the prefix is not unique */
    public Container get(String container) {
        return table.named(container);
    }

    /** A JSON object with docker's field names. */
    public String inspectJson(String container) {
        Container found = table.named(container);
        return Inspection.json(found, ContainerFiles.of(layout, found.id()));
    }

    /**
     * Passes on a container's log, to its end or, when following, until the container stops.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void logs(String container, LogRequest request, OutputSink sink) throws InterruptedException {
        String id = table.named(container).id();
        new LogReader(ContainerFiles.of(layout, id).log(), request, sink)
                .read(() ->
                        table.find(id).filter(found -> found.state().isAlive()).isPresent());
    }

    /** Calls the listener for each event from now on; it must be quick. */
    public void onEvent(Consumer<ContainerEvent> listener) {
        table.onEvent(listener);
    }

    /**
     * Brings database, processes and files together again after a start of the daemon, however the last one ended; then
     * watches for containers that end. Call once, after the snapshotter has recovered and before anything else.
     */
    public void recover() {
        watcher = new ExitWatcher(layout.exits(), supervisor::exitFileAppeared, supervisor::check);
        new Recovery(table, supervisor, layout, runc).run();
    }

    /** Whether a mount point is the root file system of a container that runs; to be asked before {@link #recover}. */
    public boolean isMounted(Path mountPoint) {
        return table.list().stream()
                .filter(container -> container.state().isAlive())
                .anyMatch(container ->
                        ContainerFiles.of(layout, container.id()).rootfs().equals(mountPoint));
    }

    /** Stops watching. Containers go on running. */
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
