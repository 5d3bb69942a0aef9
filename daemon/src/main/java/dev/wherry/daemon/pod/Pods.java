package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.metadata.Identifiers;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Pods: sandboxes, and the containers that belong to them. A sandbox is run, stopped, and removed; stopping it ends its
 * containers, removing it removes them. Rows come first and go last, so that a daemon that was killed finds everything by
 * the rows: {@link #recover} takes away what has none, or is not whole any more.
 *
 * <p>Sandboxes are given by their ID or a unique prefix of it. Any number of threads may call.
 */
@Singleton
public final class Pods {

    private static final Duration LONGEST_EXECUTION = Duration.ofMillis(500);

    private final SandboxTable table;
    private final SandboxHost host;
    private final PauseProcess pause;
    private final Lifecycle lifecycle;
    private final Containers containers;
    private final OciRuntime runtime;
    private final Layout layout;
    /** Containers are made and started under the one lock, sandboxes stopped and removed under the other. */
    private final Map<String, ReentrantReadWriteLock> locks = new ConcurrentHashMap<>();

    Pods(
            SandboxTable table,
            SandboxHost host,
            PauseProcess pause,
            Lifecycle lifecycle,
            Containers containers,
            OciRuntime runtime,
            Layout layout) {
        this.table = table;
        this.host = host;
        this.pause = pause;
        this.lifecycle = lifecycle;
        this.containers = containers;
        this.runtime = runtime;
        this.layout = layout;
    }

    /**
     * Makes a sandbox.
     *
     * @return its ID
     * @throws InvalidInputException when it cannot be as it is asked for
     * @throws ConflictException when there is one of the same name, namespace, uid and attempt, or a port of the host is
     *     taken
     */
    public String run(SandboxConfig config) {
        SandboxCheck.check(config, runtime);
        Instant now = table.time(config, Instant.now());
        Pod sandbox = new Pod(Identifiers.make(), config, SandboxState.CREATING, now, List.of(), Boot.id());
        table.creating(sandbox);
        try {
            table.ready(sandbox, host.make(sandbox));
            return sandbox.id();
        } catch (RuntimeException failure) {
            try {
                host.remove(sandbox);
                table.removed(sandbox);
            } catch (RuntimeException unclean) {
                failure.addSuppressed(unclean);
            }
            throw failure;
        }
    }

    /** All sandboxes as they are at this moment, newest first. */
    public List<Pod> list() {
        return table.list().stream().map(this::checked).toList();
    }

    /** @throws NotFoundException when there is no such sandbox, or the prefix is not unique */
    public Pod get(String reference) {
        return checked(table.get(reference));
    }

    /**
     * The sandboxes that match, newest first.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     */
    public List<Pod> list(Filters filters) {
        return list().stream().filter(new PodFilter(filters)).toList();
    }

    /**
     * The sandbox that a user means: by its ID, a unique prefix of it, or NAMESPACE/NAME of the pod, of which it is the
     * newest.
     *
     * @throws NotFoundException when there is no such sandbox, or the prefix is not unique
     */
    public Pod meant(String reference) {
        return list().stream()
                .filter(pod -> pod.config().path().equals(reference))
                .findFirst()
                .orElseGet(() -> get(reference));
    }

    public Optional<Pod> find(String reference) {
        return table.named(reference).map(this::checked);
    }

    /** One whose first process was killed is ready no more. */
    private Pod checked(Pod sandbox) {
        return sandbox.isReady() && pause.isExpected(sandbox.id()) && !pause.isAlive(sandbox.id())
                ? sandbox.with(SandboxState.NOTREADY, List.of())
                : sandbox;
    }

    /** The containers of a sandbox, newest first. */
    public List<Container> members(String id) {
        return containers.list().stream()
                .filter(container ->
                        container.settings().request().pod().sandbox().equals(id))
                .toList();
    }

    /** Why pods get no network at this moment; empty when they do. */
    public Optional<String> networkProblem() {
        return host.networkProblem();
    }

    /** The file of a sandbox's network namespace. */
    public Path network(Pod sandbox) {
        return sandbox.config().hasNetwork()
                ? SandboxFiles.of(layout, sandbox.id()).network()
                : Path.of("/proc/self/ns/net");
    }

    /**
     * Makes a container of a sandbox.
     *
     * @throws ConflictException when the sandbox is not ready
     */
    public Container create(String reference, String name, ContainerConfig config) throws InterruptedException {
        Pod sandbox = table.get(reference);
        return whileReady(sandbox.id(), () -> lifecycle.createOfPod(name, config, time(sandbox, config)));
    }

    /** As for a sandbox: of several attempts at a container the latest counts. */
    private Instant time(Pod sandbox, ContainerConfig config) {
        return members(sandbox.id()).stream()
                .filter(member -> member.settings()
                        .request()
                        .pod()
                        .name()
                        .equals(config.pod().name()))
                .map(member -> member.createdAt().plusNanos(1))
                .reduce(Instant.now(), (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Starts a container of a sandbox. */
    public void start(Container container) throws InterruptedException {
        String sandbox = container.settings().request().pod().sandbox();
        whileReady(sandbox, () -> {
            if (container.settings().request().pod().namespaces().contains("pid")) {
                withPause(table.get(sandbox));
            }
            lifecycle.start(container.id());
            awaitProgram(container.id());
            return null;
        });
    }

    /**
     * The runtime has let the program go on, and its process may still be the runtime's: a signal that came now would be
     * lost.
     */
    private void awaitProgram(String id) throws InterruptedException {
        int pid = containers.find(id).map(Container::pid).orElse(0);
        long end = System.nanoTime() + LONGEST_EXECUTION.toNanos();
        while (pid > 0 && runtime.isOwn(pid) && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws InterruptedException;
    }

    private void withPause(Pod sandbox) {
        synchronized (lock(sandbox.id())) {
            pause.start(sandbox);
        }
    }

    private <T> T whileReady(String id, Work<T> work) throws InterruptedException {
        Lock lock = lock(id).readLock();
        lock.lockInterruptibly();
        try {
            Pod now = table.get(id);
            if (!now.isReady()) {
                throw new ConflictException("the sandbox " + now.shortId() + " of "
                        + now.config().title() + " does not run: make another one");
            }
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes note of other limits of a pod.
     *
     * @throws ConflictException when the sandbox is not ready
     */
    public void limit(String reference, SandboxLimits limits) throws InterruptedException {
        String id = table.get(reference).id();
        whileReady(id, () -> {
            synchronized (lock(id)) {
                table.limited(table.get(id), limits);
            }
            return null;
        });
    }

    /** Stops a sandbox: ends its containers, and takes all away that it has. One that is not there is fine. */
    public void stop(String reference) throws InterruptedException {
        Optional<Pod> found = table.named(reference);
        if (found.isEmpty()) {
            return;
        }
        Lock lock = lock(found.get().id()).writeLock();
        lock.lockInterruptibly();
        try {
            Optional<Pod> now = table.find(found.get().id());
            if (now.isPresent()) {
                stop(now.get());
            }
        } finally {
            lock.unlock();
        }
    }

    private void stop(Pod sandbox) throws InterruptedException {
        for (Container container : members(sandbox.id())) {
            try {
                lifecycle.stop(container.id(), Optional.of(Duration.ZERO), "");
            } catch (NotFoundException removedMeanwhile) {
                // As wanted.
            }
        }
        host.remove(sandbox);
        if (sandbox.isReady()) {
            table.stopped(sandbox);
        }
        // Who listed pods meanwhile may have looked at it.
        pause.forget(sandbox.id());
    }

    /** Removes a sandbox with its containers, whatever they do. One that is not there is fine. */
    public void remove(String reference) throws InterruptedException {
        Optional<Pod> found = table.named(reference);
        if (found.isEmpty()) {
            return;
        }
        String id = found.get().id();
        Lock lock = lock(id).writeLock();
        lock.lockInterruptibly();
        try {
            Optional<Pod> now = table.find(id);
            if (now.isPresent()) {
                stop(now.get());
                for (Container container : members(id)) {
                    removeContainer(container.id());
                }
                table.removed(table.find(id).orElseThrow());
                locks.remove(id);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a container of a sandbox, whatever it does. One that is not there is fine. */
    public void removeContainer(String container) throws InterruptedException {
        try {
            lifecycle.removeOfPod(container, true, true);
        } catch (NotFoundException gone) {
            // As wanted.
        }
    }

    private ReentrantReadWriteLock lock(String id) {
        return locks.computeIfAbsent(id, _ -> new ReentrantReadWriteLock());
    }

    /**
     * Brings rows and host together, however the last daemon ended. Call once, before containers and networks are
     * recovered.
     *
     * @return IDs of the sandboxes that are ready
     */
    public Set<String> recover() {
        Set<String> ready = table.all().stream()
                .filter(pod -> pod.isReady() && pod.bootId().equals(Boot.id()) && host.isWhole(pod))
                .map(Pod::id)
                .collect(Collectors.toSet());
        try {
            host.recovered(ready);
            host.recoverNetworks(ready);
            for (Pod pod : table.all()) {
                if (ready.contains(pod.id())) {
                    continue;
                }
                host.removeFiles(pod.id());
                switch (pod.state()) {
                    case CREATING -> table.removed(pod);
                    case READY -> table.stopped(pod);
                    case NOTREADY -> {}
                }
            }
            host.removeExcept(ready);
        } catch (IOException failure) {
            throw new HostException("cannot find the sandboxes of a killed daemon: " + failure.getMessage(), failure);
        }
        return ready;
    }
}
