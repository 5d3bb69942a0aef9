package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.PortMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * A network namespace that is being connected. Its file, addresses and ports are known at once, so that the rest of a
 * container can be made meanwhile; no program may start in it before {@link #await} has returned.
 */
public final class NetworkSetup {

    private final Path namespace;
    private final List<Endpoint> endpoints;
    private final List<PortMapping> ports;
    private final FutureTask<Void> work;

    NetworkSetup(Path namespace, List<Endpoint> endpoints, List<PortMapping> ports, FutureTask<Void> work) {
        this.namespace = namespace;
        this.endpoints = List.copyOf(endpoints);
        this.ports = List.copyOf(ports);
        this.work = work;
    }

    /** The mount of the namespace. */
    public Path namespace() {
        return namespace;
    }

    /** The one with the default route first. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** With the ports of the host that were chosen. */
    public List<PortMapping> ports() {
        return ports;
    }

    /**
     * Waits until the namespace is connected.
     *
     * @throws dev.wherry.daemon.error.WherryException when it could not be; nothing is left of it then
     */
    public void await() {
        Background.join(work);
    }
}
