package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.network.ContainerConnections;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Hands out URLs of streams, and serves them on a port of loopback, which is opened for the first URL. A URL holds a token
 * that nobody can guess; it works once, within a minute, and for what it was given for.
 */
@Singleton
public final class StreamingServer {

    private final Containers containers;
    private final Execs execs;
    private final Lifecycle lifecycle;
    private final StreamListener listener;
    /** Time that passes as it does, whatever the clock of the host is set to. */
    private final PendingStreams pending = new PendingStreams(() -> Instant.ofEpochSecond(0, System.nanoTime()));

    StreamingServer(Containers containers, Execs execs, Lifecycle lifecycle, StreamListener listener) {
        this.containers = containers;
        this.execs = execs;
        this.lifecycle = lifecycle;
        this.listener = listener;
    }

    /**
     * Prepares a process in a running container. It starts when the client comes to the URL.
     *
     * @param container its ID, or a unique prefix
     * @throws ConflictException when the container does not run, or is paused
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not get into the container
     */
    public String exec(String container, List<String> command, StreamOptions options) {
        ExecConfig config =
                new ExecConfig(command, List.of(), "", "", options.tty(), options.stdin(), true, false, 0, 0, "");
        return url(
                "exec",
                new StreamTarget.Process(
                        Caller.current(), options, new ExecSession(execs, execs.create(container, config))));
    }

    /**
     * Leads to the streams of a container that runs, from the moment at which the client comes.
     *
     * @param container its ID, or a unique prefix
     * @param options where {@code tty} is that of the container
     * @throws ConflictException when the container does not run
     */
    public String attach(String container, StreamOptions options) {
        Container found = containers.get(container);
        if (found.state() != State.RUNNING) {
            throw new ConflictException("container " + found.name() + " is " + found.state() + ": start it first");
        }
        return url(
                "attach",
                new StreamTarget.Process(
                        Caller.current(),
                        options,
                        new AttachSession(lifecycle, found.id(), options.stdin(), options.tty())));
    }

    /**
     * Leads to the ports of a pod, on the loopback interface of its network namespace.
     *
     * @param pod as in "pod web", for messages
     * @param namespace finds the file of the namespace, for each connection anew; throws when the pod does not run. A pod in
     *     the network of the host has {@code /proc/self/ns/net}
     * @param ports that may be forwarded; empty for all
     */
    public String forward(String pod, Supplier<Path> namespace, List<Integer> ports) {
        List<Integer> allowed = List.copyOf(ports);
        return url("portforward", new StreamTarget.Ports(Caller.current(), port -> {
            if (!allowed.isEmpty() && !allowed.contains(port)) {
                throw new InvalidInputException("port " + port + " of " + pod + " was not asked for");
            }
            return ContainerConnections.open(namespace.get(), pod, port);
        }));
    }

    private String url(String kind, StreamTarget target) {
        String address = listener.address(pending);
        return address + pending.add(kind, target);
    }
}
