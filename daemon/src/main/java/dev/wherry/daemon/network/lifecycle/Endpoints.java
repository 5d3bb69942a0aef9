package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.Reservations;
import dev.wherry.daemon.network.Reservations.Reserved;
import dev.wherry.daemon.network.netavark.LinkCall.Link;
import dev.wherry.daemon.network.port.HostPorts;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Network namespaces and their endpoints. An owner has at most one namespace. {@link #setUp} reserves addresses and
 * ports, makes the namespace and connects it; {@link #tearDown} takes all of it away. In between, {@link #connect} and
 * {@link #disconnect} change the networks that it is on. The caller lets no two of these calls for one owner run at once.
 *
 * <p>Rows come first and go last: what is on the host always has a row. So a daemon that was killed finds everything by
 * the rows, and nothing is given to two owners.
 */
@Singleton
public final class Endpoints {

    private static final Logger LOG = Logger.getLogger(Endpoints.class);

    private final Networks networks;
    private final Reservations reservations;
    private final HostNetwork host;
    private final Path namespaces;
    private final HostPorts ports;

    Endpoints(Networks networks, Reservations reservations, HostNetwork host, Layout layout) {
        this.networks = networks;
        this.reservations = reservations;
        this.host = host;
        this.ports = HostPorts.ofHost(networks.spread());
        this.namespaces = layout.networkNamespaces();
    }

    /**
     * Makes the namespace of an owner and begins to connect it.
     *
     * @param requests the networks to be on; the first one becomes eth0
     * @param published leads to the endpoint with the default route
     * @throws dev.wherry.daemon.error.WherryException when an address or a port is in use, or a network does not exist;
     *     nothing is left then
     */
    public NetworkSetup setUp(NamespaceOwner owner, List<EndpointRequest> requests, List<PortMapping> published) {
        return setUp(owner, requests, published, NetworkNamespace::create);
    }

    /**
     * As above.
     *
     * @param maker makes the namespace
     */
    public NetworkSetup setUp(
            NamespaceOwner owner,
            List<EndpointRequest> requests,
            List<PortMapping> published,
            NetworkNamespace.Maker maker) {
        host.begin(requests);
        Reserved reserved = reservations.reserve(owner, requests, published, ports::choose);
        Path namespace = namespace(owner.id());
        try {
            Files.createDirectories(namespaces);
            maker.make(namespace);
        } catch (IOException | RuntimeException failure) {
            undo(owner.id(), failure);
            throw failure instanceof RuntimeException known
                    ? known
                    : new HostException("cannot make a network namespace: " + failure.getMessage(), failure);
        }
        FutureTask<Void> work = new FutureTask<>(() -> connect(owner, namespace, reserved), null);
        Thread.ofVirtual().name("network-" + owner.id()).start(work);
        return new NetworkSetup(namespace, reserved.endpoints(), reserved.ports(), work);
    }

    private void connect(NamespaceOwner owner, Path namespace, Reserved reserved) {
        try {
            List<Link> links =
                    reserved.endpoints().stream().map(this::withNetwork).toList();
            host.connect(namespace, links);
            if (!reserved.ports().isEmpty()) {
                host.reflect(links);
            }
            host.update();
        } catch (RuntimeException failure) {
            undo(owner.id(), failure);
            throw failure;
        }
    }

    private void undo(String owner, Exception failure) {
        try {
            tearDown(owner);
        } catch (RuntimeException unclean) {
            failure.addSuppressed(unclean);
        }
    }

    /** Removes the namespace of an owner, its endpoints and ports. Nothing there is fine. */
    public void tearDown(String owner) {
        try {
            NetworkNamespace.remove(namespace(owner));
        } catch (IOException failure) {
            throw new HostException("cannot remove a network namespace: " + failure.getMessage(), failure);
        }
        host.leavePorts(owner);
        reservations.releaseAll(owner);
        host.update();
    }

    /**
     * Connects a namespace that is in use to one more network.
     *
     * @throws dev.wherry.daemon.error.ConflictException when it is connected already, or the address is in use
     */
    public Endpoint connect(NamespaceOwner owner, EndpointRequest request) {
        Endpoint endpoint = reservations.reserveMore(owner, request);
        Link link = withNetwork(endpoint);
        try {
            host.connect(namespace(owner.id()), List.of(link));
        } catch (RuntimeException failure) {
            removeLink(link, failure);
            reservations.release(link.network(), endpoint, false);
            throw failure;
        }
        reservations.settle(link.network(), endpoint);
        host.update();
        return endpoint;
    }

    /**
     * Disconnects a namespace that is in use from a network.
     *
     * @param network its ID
     * @throws NotFoundException when it is not connected
     */
    public void disconnect(String owner, String network) {
        Endpoint endpoint = networks.endpointsOf(owner).stream()
                .filter(one -> one.network().equals(network))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        "endpoint",
                        owner,
                        "container " + owner + " is not connected to network "
                                + networks.find(network).map(Network::name).orElse(network)));
        Link link = withNetwork(endpoint);
        reservations.beginRelease(endpoint);
        host.disconnect(namespace(owner), link);
        reservations.release(link.network(), endpoint, true);
        host.update();
    }

    /** The owners of endpoints that know one of this owner's by a link. */
    public Set<String> linkedTo(String owner) {
        List<Endpoint> own = networks.endpointsOf(owner);
        return reservations.attached().values().stream()
                .flatMap(reserved -> reserved.endpoints().stream())
                .filter(endpoint -> endpoint.links().stream()
                        .flatMap(link -> link.target(own).stream())
                        .anyMatch(target -> target.network().equals(endpoint.network())))
                .map(endpoint -> endpoint.owner().id())
                .collect(Collectors.toSet());
    }

    /** Forgets the links of an owner's endpoints by an alias. */
    public void unlink(String owner, String alias) {
        reservations.unlink(owner, alias);
        host.update();
    }

    /** Lets others resolve an owner by another name. */
    public void rename(String owner, String name) {
        reservations.rename(owner, name);
        host.update();
    }

    /** Finishes connects and disconnects that a killed daemon had begun in namespaces that are in use. */
    void finishChanges(List<Endpoint> changing) {
        for (Endpoint endpoint : changing) {
            Link link = withNetwork(endpoint);
            removeLink(link, null);
            reservations.release(link.network(), endpoint, true);
        }
    }

    /** Removes a link that may be there or not. */
    private void removeLink(Link link, Exception reason) {
        try {
            host.disconnect(namespace(link.endpoint().owner().id()), link);
        } catch (HostException absent) {
            if (reason == null) {
                LOG.debugf("no link of network %s to remove: %s", link.network().name(), absent.getMessage());
            }
        }
    }

    private Link withNetwork(Endpoint endpoint) {
        return new Link(networks.get(endpoint.network()), endpoint);
    }

    /** Where the namespace of an owner is or will be mounted. */
    public Path namespace(String owner) {
        return namespaces.resolve(owner);
    }
}
