package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.host.systemd.SystemdBus;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.LinkedNames;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Reservations;
import dev.wherry.daemon.network.Reservations.Reserved;
import dev.wherry.daemon.network.dns.Aardvark;
import dev.wherry.daemon.network.dns.ResolverScope;
import dev.wherry.daemon.network.dns.Zone;
import dev.wherry.daemon.network.firewall.ChainMonitor;
import dev.wherry.daemon.network.firewall.Firewall;
import dev.wherry.daemon.network.firewall.ForwardChain;
import dev.wherry.daemon.network.firewall.Rules;
import dev.wherry.daemon.network.firewall.Rules.Published;
import dev.wherry.daemon.network.netavark.LinkCall.Link;
import dev.wherry.daemon.network.netavark.Netavark;
import dev.wherry.daemon.network.port.PortRelays;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** What networks have on the host: links, rules of the firewall, and names; rules and names follow from the rows. */
@Singleton
final class HostNetwork {

    private static final Logger LOG = Logger.getLogger(HostNetwork.class);

    private final Networks networks;
    private final Reservations reservations;
    private final HostLinks links;
    private final Firewall firewall;
    private final ForwardChain chain;
    private final ChainMonitor monitor;
    private final PortRelays relays = new PortRelays();
    private final Aardvark names;
    private final Path mark;
    private volatile boolean marked;
    /** True while much is removed at once, and rules and names are made once in the end. */
    private volatile boolean recovering;

    HostNetwork(Networks networks, Reservations reservations, Netavark netavark, Layout layout) {
        this.networks = networks;
        this.reservations = reservations;
        this.links = new HostLinks(netavark);
        this.firewall = new Firewall("wherry-" + networks.tag());
        this.chain = new ForwardChain("wherry-" + networks.tag());
        this.monitor = new ChainMonitor("wherry-" + networks.tag(), this::repair);
        this.mark = layout.network().resolve("in-use");
        this.names = new Aardvark(
                layout.network().resolve("dns"),
                new ResolverScope(SystemdBus.find(), "wherry-dns-" + networks.tag() + ".scope"));
    }

    /** True if something of the networks may be on the host; the mark of it goes with a reboot, as all of that does. */
    boolean isMarked() {
        return marked || Files.exists(mark);
    }

    private void mark() {
        if (!marked) {
            try {
                Files.createDirectories(mark.getParent());
                Files.write(mark, new byte[0]);
                marked = true;
                monitor.start();
            } catch (IOException failure) {
                throw new HostException("cannot write " + mark + ": " + failure.getMessage(), failure);
            }
        }
    }

    private void unmark() {
        try {
            marked = false;
            Files.deleteIfExists(mark);
        } catch (IOException failure) {
            throw new HostException("cannot remove " + mark + ": " + failure.getMessage(), failure);
        }
    }

    /** From now until {@link #endRecovery} rules and names do not follow the rows. */
    void beginRecovery() {
        recovering = true;
    }

    void endRecovery() {
        recovering = false;
    }

    /** Ends what a killed daemon had begun. */
    void endStrays() {
        links.endStrays();
    }

    /** Before endpoints are reserved: the predefined bridge may have to take another range first. */
    void begin(List<EndpointRequest> requests) {
        mark();
        Network bridge = networks.get(Network.BRIDGE);
        if (!HostLinks.isThere(bridge)
                && requests.stream().anyMatch(request -> request.network().equals(bridge.id()))) {
            networks.avoidRoutes();
        }
    }

    /** Connects a namespace; that of a container which has left all its networks gets no link. */
    void connect(Path namespace, List<Link> wanted) {
        if (!wanted.isEmpty() && links.connect(namespace, wanted)) {
            chain.admit(bridges());
        }
    }

    /** Lets the ports of these links be reached from their own namespaces. */
    void reflect(List<Link> wanted) {
        wanted.stream()
                .map(Link::network)
                .filter(network -> network.driver() == NetworkDriver.BRIDGE)
                .forEach(links::reflect);
    }

    void disconnect(Path namespace, Link link) {
        links.disconnect(namespace, link.network(), link.endpoint());
    }

    void removeBridge(Network network) {
        // Otherwise nothing of any network is on the host, nor shall a table be that nobody takes away.
        if (isMarked()) {
            links.removeBridge(network);
            chain.admit(bridges());
            update();
        }
    }

    /** Lets rules and names follow the rows. */
    void update() {
        if (!recovering) {
            firewall.apply(this::rules);
            names.apply(this::zones);
        }
    }

    /** Makes rules and names anew, whatever there is. */
    void restore() {
        if (isMarked()) {
            monitor.start();
        }
        firewall.restore(this::rules);
        chain.admit(bridges());
        names.restore(this::zones);
    }

    /** Another program has changed chains of the firewall: makes those rules anew that are not there any more. */
    private void repair() {
        try {
            if (firewall.repair(this::rules)) {
                LOG.info("another program had removed rules of networks from the firewall: they are there again");
            }
            chain.admit(bridges());
        } catch (WherryException failure) {
            LOG.warnf("cannot repair the firewall, try wherry network reload: %s", failure.getMessage());
        }
    }

    /** Makes anew what endpoints need, and removes all else. */
    void recover() {
        boolean idle = removeIdleBridges();
        restore();
        if (idle) {
            monitor.close();
            unmark();
        }
    }

    /** The daemon ends: the bridges that no endpoint needs go, and everything else when there is no endpoint at all. */
    void close() {
        if (isMarked()) {
            if (removeIdleBridges()) {
                restore();
                unmark();
            } else {
                chain.admit(bridges());
            }
        }
        release();
    }

    /** The ports of an owner are going to be given back: the daemon listens on none of them. */
    void leavePorts(String owner) {
        relays.leave(owner);
    }

    /** Ends what does not outlive the daemon. */
    void release() {
        monitor.close();
        relays.close();
    }

    /** True if no endpoint is left. */
    private boolean removeIdleBridges() {
        Set<String> used = endpoints().map(Endpoint::network).collect(Collectors.toSet());
        networks.list().stream().filter(network -> !used.contains(network.id())).forEach(links::removeBridge);
        return used.isEmpty();
    }

    /** The bridges that are there. */
    private List<String> bridges() {
        return networks.list().stream()
                .filter(network -> network.driver() == NetworkDriver.BRIDGE && HostLinks.isThere(network))
                .map(Network::interfaceName)
                .toList();
    }

    private Stream<Endpoint> endpoints() {
        return reservations.attached().values().stream().flatMap(reserved -> reserved.endpoints().stream());
    }

    private List<Zone> zones() {
        Map<String, List<Endpoint>> resolved = endpoints()
                .filter(endpoint -> endpoint.owner().isResolved())
                .collect(Collectors.groupingBy(Endpoint::network));
        return networks.list().stream()
                .filter(network -> network.resolvesNames() && resolved.containsKey(network.id()))
                // aardvark-dns does not start when it cannot listen on the address of one network, such as one whose
                // first container is being connected; names of that one follow when it is.
                .filter(HostLinks::isPrepared)
                .map(network -> new Zone(network, LinkedNames.of(resolved.get(network.id()))))
                .toList();
    }

    /** The rules by the rows; asked for while no other change is made, so that relays follow here. */
    private Rules rules() {
        Rules rules = read();
        relays.apply(rules.ports().stream()
                .flatMap(port -> PortRelays.needed(port.endpoint(), port.port(), port.host()).stream())
                .toList());
        return rules;
    }

    private Rules read() {
        Set<String> used = endpoints().map(Endpoint::network).collect(Collectors.toSet());
        Map<String, Network> byId = new LinkedHashMap<>();
        networks.list().stream()
                .filter(network -> network.driver() == NetworkDriver.BRIDGE)
                // A bridge without endpoints will soon have some again, and then the rules are there.
                .filter(network -> used.contains(network.id()) || HostLinks.isThere(network))
                .forEach(network -> byId.put(network.id(), network));
        List<Published> published = new ArrayList<>();
        reservations.attached().values().forEach(reserved -> publish(reserved, byId, published));
        return new Rules(List.copyOf(byId.values()), published);
    }

    /** A port leads to the endpoint of a bridge whose route an answer takes. */
    private static void publish(Reserved reserved, Map<String, Network> networks, List<Published> published) {
        reserved.endpoints().stream()
                .filter(endpoint -> networks.containsKey(endpoint.network())
                        && !networks.get(endpoint.network()).internal())
                .findFirst()
                .ifPresent(endpoint -> reserved.ports()
                        .forEach(port ->
                                published.add(new Published(networks.get(endpoint.network()), endpoint, port))));
    }
}
