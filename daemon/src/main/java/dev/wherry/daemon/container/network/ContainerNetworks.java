package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network namespaces of containers: made and connected before a container starts, taken away after it has ended. A
 * container on the host's network, without one, or on that of another container has none.
 */
public final class ContainerNetworks {

    private final Networks networks;
    private final Endpoints endpoints;
    private final ContainerLinks links;

    public ContainerNetworks(Networks networks, Endpoints endpoints, ContainerLinks links) {
        this.networks = networks;
        this.endpoints = endpoints;
        this.links = links;
    }

    private static NetworkMode mode(Container container) {
        return NetworkMode.ofContainer(container.settings().request().network());
    }

    public static NamespaceOwner owner(Container container) {
        List<InetAddress> servers = container.settings().request().names().servers().stream()
                // The zone of a link of the host means nothing elsewhere.
                .filter(server -> !server.contains("%"))
                .map(InetAddress::ofLiteral)
                .toList();
        return NamespaceOwner.container(container.id(), container.name()).withResolvers(servers);
    }

    /** Lets others resolve a container that runs by another name. */
    public void rename(Container container, String name) {
        if (mode(container) == NetworkMode.BRIDGE && container.state().isAlive()) {
            endpoints.rename(container.id(), name);
        }
    }

    /** Begins to connect a container that is about to start. The caller closes the result. */
    public StartingNetwork begin(Container container) {
        if (mode(container) != NetworkMode.BRIDGE) {
            return new StartingNetwork(of(container), OwnNames.NONE, Optional.empty());
        }
        links.check(container);
        NetworkSetup setup = setUp(container);
        return new StartingNetwork(of(container), names(container, setup.endpoints()), Optional.of(setup));
    }

    private NetworkSetup setUp(Container container) {
        NamespaceOwner owner = owner(container);
        List<EndpointRequest> requests =
                EndpointRequests.of(container.settings().request(), networks);
        List<PortMapping> ports = PublishedPorts.mappings(container.settings());
        return networks.departures().after(() -> endpoints.setUp(owner, requests, ports));
    }

    /** The network namespace of a container that runs, or is about to. */
    public ProcessNetwork of(Container container) {
        NetworkMode mode = mode(container);
        return mode == NetworkMode.BRIDGE
                ? ProcessNetwork.connected(endpoints.namespace(container.id()))
                : ProcessNetwork.of(mode);
    }

    /** What a container that runs knows of its networks. */
    public OwnNames names(Container container) {
        return mode(container) == NetworkMode.BRIDGE
                ? names(container, networks.endpointsOf(container.id()))
                : OwnNames.NONE;
    }

    private OwnNames names(Container container, List<Endpoint> connected) {
        return EndpointNames.of(connected, networks, links.lines(connected));
    }

    /** Containers that know one by a link, whose name files are to be written anew when it has started. */
    public Set<String> linkedTo(Container container) {
        return mode(container) == NetworkMode.BRIDGE ? endpoints.linkedTo(container.id()) : Set.of();
    }

    /** A container has ended: it gives its addresses and ports back soon. */
    public void leaving(String id) {
        networks.departures().begin(id);
    }

    /** Takes away the namespace of a container and all that leads to it, if there is one. */
    public void tearDown(String id) {
        try {
            if (Files.exists(endpoints.namespace(id))
                    || !networks.endpointsOf(id).isEmpty()) {
                endpoints.tearDown(id);
            }
        } finally {
            networks.departures().end(id);
        }
    }
}
