package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.MemoryShares;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.network.ContainerLinks;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.container.network.NetworkNaming;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.ResourceUpdate;
import dev.wherry.daemon.runtime.spec.PodLimits;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The life of a container. It is created from an image, with a writable snapshot of its own, and started as often as
 * wanted. While it runs, conmon holds its streams and outlives the daemon; this daemon or the next learns of its exit
 * by the exit file that conmon writes. The container is removed on request, or at its exit if it was created so. A row
 * in the database is what makes a container: {@link #recover} clears away what has no row.
 *
 * <p>Any number of threads may call. Calls that change the same container take turns: each holds the container's lock,
 * which nothing outside this package sees.
 *
 * <p>Every container is given by its name, its ID or a unique prefix of its ID.
 */
@Singleton
public final class Lifecycle {

    private final Layout layout;
    private final OciRuntime runtime;
    private final ContainerTable table;
    private final Transitions transitions;
    private final LiveContainers lives = new LiveContainers();
    private final Cleanup cleanup;
    private final Creation creation;
    private final Launch launch;
    private final Restarts restarts;
    private final Exits exits;
    private final Attachments attachments;
    private final Waits waits;
    private final Stopping stopping;
    private final Removal removal;
    private final Pausing pausing;
    private final Changes changes;
    private final HealthRecords health;
    private final OomWatch memory;
    private final Volumes volumes;
    private final ContainerVolumes containerVolumes;
    private final ContainerNetworks networks;
    private final Connections connections;
    private final ContainerAccess access;
    private ExitWatcher watcher;

    @Inject
    Lifecycle(
            ContainerTable table,
            Database database,
            Events events,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            ImageStore images,
            OciRuntime runtime,
            Conmon conmon,
            Volumes volumes,
            Networks networks,
            Endpoints endpoints,
            Quotas quotas) {
        this(
                table,
                database,
                events,
                layout,
                leases,
                snapshotter,
                images::resolve,
                runtime,
                conmon,
                volumes,
                networks,
                endpoints,
                quotas);
    }

    public Lifecycle(
            ContainerTable table,
            Database database,
            Events events,
            Layout layout,
            Leases leases,
            Snapshotter snapshotter,
            ContainerImages images,
            OciRuntime runtime,
            Conmon conmon,
            Volumes volumes,
            Networks networks,
            Endpoints endpoints,
            Quotas quotas) {
        this.layout = layout;
        this.volumes = volumes;
        this.runtime = runtime;
        this.table = table;
        this.transitions = new Transitions(database, table, events, volumes);
        Cgroups cgroups = new Cgroups(layout, runtime.cgroups());
        NamespacePeers peers = new NamespacePeers(table, layout);
        Path state = ContainerLayout.state(layout);
        VolumeMounting mounting = new VolumeMounting(volumes, snapshotter, images::resolve);
        this.containerVolumes = new ContainerVolumes(table, volumes, snapshotter, images::resolve);
        ContainerLinks links = new ContainerLinks(table, networks);
        this.networks = new ContainerNetworks(networks, endpoints, links);
        this.connections = new Connections(table, lives, transitions, networks, this.networks, endpoints, layout);
        this.cleanup = new Cleanup(layout, lives, snapshotter, runtime, cgroups, mounting, this.networks);
        this.access = new ContainerAccess(table, volumes);
        MemoryShares shares = new MemoryShares(table, quotas);
        this.creation = new Creation(
                transitions,
                peers,
                containerVolumes,
                new NetworkNaming(networks, links),
                leases,
                snapshotter,
                images,
                access,
                shares);
        this.memory = new OomWatch(layout, cgroups);
        this.launch = new Launch(
                table,
                transitions,
                cleanup,
                layout,
                snapshotter,
                runtime,
                conmon,
                cgroups,
                peers,
                mounting,
                memory,
                this.networks,
                connections,
                shares);
        this.restarts = new Restarts(table, lives, launch);
        this.exits = new Exits(table, lives, transitions, cleanup, restarts, layout, cgroups, memory, this.networks);
        this.attachments = new Attachments(table, lives, layout, access, new ContainerActivity(events));
        this.waits = new Waits(table, lives);
        this.pausing = new Pausing(table, lives, transitions);
        this.stopping =
                new Stopping(table, lives, exits, waits, transitions, new SignalSender(runtime, state), pausing);
        this.removal = new Removal(table, lives, transitions, stopping, cleanup, snapshotter);
        this.changes =
                new Changes(table, lives, transitions, new ResourceUpdate(runtime, state), this.networks, shares);
        this.health = new HealthRecords(table, lives, transitions);
    }

    /**
     * Creates a container, ready to be started.
     *
     * @param name empty for a generated one
     * @throws NotFoundException when the image does not exist
     * @throws ConflictException when the name is in use
     * @throws InvalidInputException when the name is malformed or there is no program to run
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not create such a container
     */
    public Container create(String name, ContainerConfig config) {
        return create(name, config, Optional.empty());
    }

    /** As above, from the image for a platform. */
    public Container create(String name, ContainerConfig config, Optional<Platform> platform) {
        return create(name, config, platform, Instant.now());
    }

    /** As {@link #create}, of a container of a pod, whose containers are in an order. */
    public Container createOfPod(String name, ContainerConfig config, Instant time) {
        return create(name, config, Optional.empty(), time);
    }

    private Container create(String name, ContainerConfig config, Optional<Platform> platform, Instant time) {
        DiskRoom.require();
        runtime.check(config.runtime(), config.resources().cgroupParent());
        return creation.create(name, config, platform, time);
    }

    /**
     * Starts a container that does not run; does nothing if it runs, or waits for a restart by its policy.
     *
     * @throws ConflictException when the container is paused
     * @throws StartException when the program cannot be started
     * @throws dev.wherry.daemon.error.ExhaustedException when other containers of its owner leave too little memory
     */
    public void start(String container) throws InterruptedException {
        String id = table.get(container).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            live.awaitCleared();
            Container found = table.existing(id);
            if (found.state() == State.PAUSED) {
                throw new ConflictException("cannot start a paused container, try unpause instead");
            }
            if (!found.state().isUp()) {
                launch.byHand(found, live);
            }
        }
    }

    /** Attaches to a container's streams, now or when it starts. The caller closes the result. */
    public AttachedRun attach(String container, boolean stdin) {
        return attachments.attach(container, stdin);
    }

    /** Sets the size of a container's terminal in characters; before the start, for the start. */
    public void resize(String container, int columns, int rows) {
        attachments.resize(container, columns, rows);
    }

    /**
     * Waits until the condition holds.
     *
     * @throws NotFoundException when there is no such container; if it is removed later, the wait ends with its exit
     */
    public Exit await(String container, WaitCondition condition) throws InterruptedException {
        return await(container, condition, () -> {});
    }

    /**
     * As above.
     *
     * @param begun runs once the wait misses nothing that happens from then on
     */
    public Exit await(String container, WaitCondition condition, Runnable begun) throws InterruptedException {
        return waits.await(container, condition, begun);
    }

    /** Waits until a container does not run, or the time is over. */
    public void awaitStopped(String id, Duration longest) throws InterruptedException {
        waits.untilStopped(id, longest);
    }

    /**
     * Sends a signal to the container's first process.
     *
     * @param signal name ("SIGINT", "INT") or number; empty for SIGKILL
     * @throws ConflictException when the container does not run
     */
    public void kill(String container, String signal) {
        stopping.kill(container, signal);
    }

    /**
     * Asks a container to stop, and kills it if it has not stopped after the timeout; returns when it has stopped. A
     * container that does not run stays as it is.
     *
     * A stop that has begun takes place, even if whoever asked for it goes.
     *
     * @param timeout empty for the container's own, which is ten seconds by default; negative for no limit
     * @param signal the first signal; empty for the container's own stop signal
     */
    public void stop(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.get(container);
        Background.complete(
                "stop-" + found.shortId(), Caller.current()::run, () -> stopping.stop(found.id(), timeout, signal));
    }

    /**
     * Stops a container as {@link #stop} does, and starts it, also one that is removed at its exit. A restart that has
     * begun takes place, even if whoever asked for it goes.
     *
     * @throws StartException when the program cannot be started
     */
    public void restart(String container, Optional<Duration> timeout, String signal) throws InterruptedException {
        Container found = table.get(container);
        Background.complete("restart-" + found.shortId(), Caller.current()::run, () -> {
            LiveContainer live = lives.of(found.id());
            restarting(live, 1);
            try {
                stopping.stop(found.id(), timeout, signal);
                start(found.id());
            } finally {
                restarting(live, -1);
            }
            transitions.tell(found, "restart", Map.of());
        });
    }

    private static void restarting(LiveContainer live, int more) {
        try (Hold _ = live.hold()) {
            live.restarting += more;
        }
    }

    /**
     * Freezes all processes of a container.
     *
     * @throws ConflictException when the container does not run, or is paused
     */
    public void pause(String container) throws InterruptedException {
        pausing.pause(container);
    }

    /**
     * Thaws all processes of a container.
     *
     * @throws ConflictException when the container is not paused
     */
    public void unpause(String container) throws InterruptedException {
        pausing.unpause(container);
    }

    /**
     * Renames a container.
     *
     * @throws ConflictException when the name is in use
     * @throws InvalidInputException when the name is malformed, or the container has it
     */
    public void rename(String container, String name) throws InterruptedException {
        changes.rename(container, name);
    }

    /**
     * Changes limits and the restart policy, for the present run and for later ones.
     *
     * @param resources what is 0 or empty stays
     * @param restart empty to keep the policy
     * @throws ConflictException when the container is removed at its exit and the policy would restart it
     */
    public void update(String container, Resources resources, Optional<RestartPolicy> restart)
            throws InterruptedException {
        access.checkLimits(resources);
        changes.update(container, resources, restart);
    }

    /**
     * Changes limits of a pod's container, for the present run and for later ones.
     *
     * @param resources what is 0 or empty stays
     * @param ofPod what is not named stays
     * @throws InvalidInputException when one of the pod's limits is none, or this host has none of its kind
     */
    public void update(String container, Resources resources, PodLimits ofPod) throws InterruptedException {
        access.checkLimits(resources);
        changes.update(container, resources, ofPod);
    }

    /**
     * Connects a container to a network, at once if it runs, and at each start.
     *
     * @throws NotFoundException when the container or the network does not exist
     * @throws ConflictException when it is connected to the network, or shares the network of the host or of another
     *     container
     */
    public void connect(String container, NetworkAttachment attachment) throws InterruptedException {
        connections.connect(container, attachment);
    }

    /**
     * Removes a link of a container on the default bridge, at once if it runs.
     *
     * @throws NotFoundException when it has no link of that alias
     */
    public void unlink(String container, String alias) throws InterruptedException {
        connections.unlink(container, alias);
    }

    /**
     * Disconnects a container from a network.
     *
     * @param force whether a container that does not exist any more, or is not connected, is no error
     * @throws ConflictException when it is not connected to the network
     */
    public void disconnect(String container, String network, boolean force) throws InterruptedException {
        connections.disconnect(container, network, force);
    }

    /**
     * The caller may get into a container: run programs in it, read and write its files.
     *
     * @throws dev.wherry.daemon.error.ForbiddenException when the container reaches the host and the caller does not own
     *     the host
     */
    public void checkEntry(Container container) {
        access.checkEntry(container);
    }

    /** Removes each container that does not run and meets the condition. */
    public Pruned prune(Predicate<Container> condition) throws InterruptedException {
        return removal.prune(condition);
    }

    /**
     * As {@link #remove(String, boolean, boolean)}, even the container of a pod, which whoever made the pod still counts on.
     */
    public void removeOfPod(String container, boolean force, boolean withVolumes) throws InterruptedException {
        removal.remove(container, force, withVolumes, true);
    }

    /**
     * Removes a container and its file system.
     *
     * @param force kill the container first if it runs
     * @param withVolumes remove its anonymous volumes too, but those that other containers have
     * @throws ConflictException when the container runs and force is not given, or it belongs to a pod
     */
    public void remove(String container, boolean force, boolean withVolumes) throws InterruptedException {
        removal.remove(container, force, withVolumes, false);
    }

    /**
     * Keeps a container that does not run from being started or removed until the result is closed, by the same thread.
     * Waits while the container is being started or cleared away, after which it may run.
     */
    public Hold hold(Container container) throws InterruptedException {
        LiveContainer live = lives.of(container.id());
        Hold hold = live.holdInterruptibly();
        try {
            live.awaitCleared();
            return hold;
        } catch (InterruptedException interrupted) {
            hold.close();
            throw interrupted;
        }
    }

    /**
     * Waits while a container keeps running.
     *
     * @param run the container in the run that is meant
     * @param wanted asked after each change of the container; the wait ends when it is false
     * @return false if the run ended or paused, or is not wanted any more, before the time was over
     */
    public boolean keepsRunning(Container run, Duration time, BooleanSupplier wanted) throws InterruptedException {
        return health.keepsRunning(run, time, wanted);
    }

    /**
     * Records the health of a container, unless the run that was checked is over or paused.
     *
     * @param next gives the new health from the container as it is now
     */
    public void recordHealth(Container run, Function<Container, Health> next) {
        health.record(run, next);
    }

    /**
     * Brings database, processes and files together after a start of the daemon, however the last daemon ended; then
     * watches for exits and starts the containers whose restart policy wants it. Call once, after the snapshotter has
     * recovered and before anything else.
     *
     * @param sandboxes IDs of the sandboxes of pods that are ready, which have networks and control groups too
     * @param networks puts networks in order, given the IDs of what has one; called before any container is started
     */
    public void recover(Set<String> sandboxes, Consumer<Set<String>> networks) {
        volumes.recover(containerVolumes.uses());
        watcher = new ExitWatcher(layout.exits(), exits::exitFileAppeared, exits::check);
        new ContainerRecovery(table, transitions, pausing, exits, cleanup, layout, runtime, memory).run(sandboxes);
        volumes.unmountUnused();
        networks.accept(Stream.concat(
                        sandboxes.stream(),
                        table.list().stream()
                                .filter(container -> container.state().isAlive())
                                .map(Container::id))
                .collect(Collectors.toSet()));
        connections.reconcile();
        restarts.begin();
    }

    /** Whether a mount point is the root file system of a running container; to be asked before {@link #recover}. */
    public boolean isMounted(Path mountPoint) {
        return table.list().stream()
                .filter(container -> container.state().isAlive())
                .anyMatch(container ->
                        ContainerLayout.of(layout, container.id()).rootfs().equals(mountPoint));
    }

    /** The time that the slowest running container may take to stop; a container without a limit counts as {@code longest}. */
    public Duration longestStop(Duration longest) {
        return stopping.longestStop(longest);
    }

    /**
     * Stops all containers at once when the host shuts down, each within its own stop timeout; returns when none runs.
     * Nothing is started any more. A restart policy does not count this as a stop by hand.
     *
     * @param longest the timeout of containers that have no limit
     */
    public void stopForShutdown(Duration longest) {
        restarts.close();
        stopping.stopForShutdown(longest);
    }

    /** Stops watching. Containers keep running. */
    public void close() {
        restarts.close();
        if (watcher != null) {
            watcher.close();
        }
        memory.close();
    }
}
