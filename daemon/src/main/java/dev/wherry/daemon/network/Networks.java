package dev.wherry.daemon.network;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.metadata.Identifiers;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Reservations.Reserved;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The networks of this daemon: their rows, found by name or ID. The predefined networks bridge, host and none always
 * exist. What a network has on the host is the concern of the package {@code lifecycle}, through which networks are
 * created and removed.
 */
@Singleton
public final class Networks {

    private static final String STANDARD_RUN_ROOT = "/run/wherry";

    private final Database database;
    private final Events events;
    private final Supplier<List<Cidr>> routes;
    private final Neighbours neighbours;
    private final String tag;
    private final String defaultBridge;
    private final int spread;
    private final AddressPools pools;
    private final KnownRows<List<Network>> rows;
    private final Departures departures = new Departures();

    @Inject
    Networks(Database database, Events events, Layout layout, AddressPools pools) {
        this(database, events, layout, pools, HostRoutes.ofHost());
    }

    Networks(Database database, Events events, Layout layout, AddressPools pools, Supplier<List<Cidr>> routes) {
        this.database = database;
        this.rows = new KnownRows<>(
                database, Durability.SYNCED, connection -> List.copyOf(new NetworkTable(connection).all()));
        this.events = events;
        this.routes = routes;
        this.neighbours = new Neighbours(layout);
        this.tag = tag(layout.runRoot());
        boolean standard = layout.runRoot().toAbsolutePath().toString().equals(STANDARD_RUN_ROOT);
        this.defaultBridge = standard ? "wherry0" : "wherry-" + tag;
        this.spread = standard ? 0 : Integer.parseUnsignedInt(tag, 0, 4, 16);
        this.pools = pools;
        addPredefined();
    }

    /** What tells this daemon's things on the host from those of other daemons: eight digits that follow from the run root. */
    private static String tag(Path runRoot) {
        return Digest.sha256(runRoot.toAbsolutePath().toString()).hex().substring(0, 8);
    }

    /** See above. */
    public String tag() {
        return tag;
    }

    /**
     * Where this daemon begins to look for something of the host that is free: 0 for the usual daemon. Daemons that run
     * beside each other do not see at once what the others have taken, so that each begins elsewhere.
     */
    public int spread() {
        return spread;
    }

    private void addPredefined() {
        List<String> present = list().stream().map(Network::name).toList();
        if (present.containsAll(List.of(Network.BRIDGE, Network.HOST, Network.NONE))) {
            return;
        }
        neighbours.choose(ranges -> rows.change(connection -> {
            NetworkTable table = new NetworkTable(connection);
            for (String name : List.of(Network.BRIDGE, Network.HOST, Network.NONE)) {
                if (!present.contains(name)) {
                    List<Cidr> used = ranges(table.all());
                    used.addAll(ranges);
                    table.insert(predefined(name, used));
                }
            }
            return null;
        }));
    }

    private Network predefined(String name, List<Cidr> used) {
        boolean bridge = name.equals(Network.BRIDGE);
        NetworkCreation creation = NetworkCreation.bridge(name);
        return new Network(
                Identifiers.make(),
                name,
                bridge ? NetworkDriver.BRIDGE : name.equals(Network.HOST) ? NetworkDriver.HOST : NetworkDriver.NONE,
                Instant.now(),
                bridge ? NetworkPlan.subnets(creation, used, routes.get(), pools, spread) : List.of(),
                false,
                false,
                false,
                bridge ? defaultBridge : "",
                bridge ? Map.of(NetworkOptions.BRIDGE_NAME, defaultBridge) : Map.of(),
                Map.of());
    }

    /**
     * Finds a network by its name, its ID or a unique prefix of its ID.
     *
     * @throws NotFoundException when there is none, or the prefix is not unique
     */
    public Network get(String reference) {
        return find(reference)
                .orElseThrow(() -> new NotFoundException("network", reference, "network " + reference + " not found"));
    }

    /**
     * As above, empty when there is none.
     *
     * @throws NotFoundException when the prefix is not unique
     */
    public Optional<Network> find(String reference) {
        List<Network> networks = list();
        Optional<Network> exact = Stream.<java.util.function.Predicate<Network>>of(
                        network -> network.id().equals(reference),
                        network -> network.name().equals(reference))
                .flatMap(test -> networks.stream().filter(test))
                .findFirst();
        if (exact.isPresent() || reference.isEmpty()) {
            return exact;
        }
        List<Network> beginning = networks.stream()
                .filter(network -> network.id().startsWith(reference))
                .toList();
        if (beginning.size() > 1) {
            throw new NotFoundException(
                    "network",
                    reference,
                    "several networks have an ID that begins with \"" + reference + "\": give more of it");
        }
        return beginning.stream().findFirst();
    }

    /** All networks, oldest first. */
    public List<Network> list() {
        return rows.get();
    }

    /** The networks that match, by name. */
    public List<Network> list(Filters filters) {
        NetworkFilter filter = new NetworkFilter(filters, this);
        return list().stream()
                .filter(filter)
                .sorted(java.util.Comparator.comparing(Network::name))
                .toList();
    }

    /** The networks of users that a prune removes: those that match and have no endpoints. */
    public List<Network> unused(Filters filters) {
        java.util.function.Predicate<Network> matching = NetworkFilter.toPrune(filters);
        return list().stream()
                .filter(network -> !network.isPredefined() && matching.test(network))
                .filter(network -> endpoints(network).isEmpty())
                .toList();
    }

    /**
     * Moves the predefined bridge to another range when the host has got a route to its own meanwhile, as by a VPN or by
     * another daemon. Its bridge is not there, and nothing is on it.
     */
    public void avoidRoutes() {
        List<Cidr> hostRoutes = routes.get();
        Network bridge = get(Network.BRIDGE);
        if (ranges(List.of(bridge)).stream()
                .noneMatch(range -> hostRoutes.stream().anyMatch(range::overlaps))) {
            return;
        }
        neighbours.choose(ranges -> rows.change(connection -> {
            NetworkTable table = new NetworkTable(connection);
            if (new EndpointTable(connection).ofNetwork(bridge.id()).isEmpty()) {
                List<Network> others = new ArrayList<>(table.all());
                others.remove(bridge);
                List<Cidr> used = ranges(others);
                used.addAll(ranges);
                table.setSubnets(
                        bridge.id(),
                        NetworkPlan.subnets(NetworkCreation.bridge(Network.BRIDGE), used, hostRoutes, pools, spread));
            }
            return null;
        }));
    }

    /** Who has ended, and is to be waited for. */
    public Departures departures() {
        return departures;
    }

    /** The endpoints on a network, by the names of their owners, none of which has ended. */
    public List<Endpoint> endpoints(Network network) {
        return database.read(connection -> new EndpointTable(connection).ofNetwork(network.id())).stream()
                .filter(endpoint -> !departures.isLeaving(endpoint.owner()))
                .toList();
    }

    /** The endpoints of an owner; the one with the default route first. */
    public List<Endpoint> endpointsOf(String owner) {
        return database.read(connection -> new EndpointTable(connection).ofOwner(owner));
    }

    /** What each owner has, by its ID. */
    public Map<String, Reserved> attached() {
        return database.read(connection -> new EndpointTable(connection).attached());
    }

    /** The ports of the host that lead to an owner. */
    public List<PortMapping> portsOf(String owner) {
        return database.read(connection -> new EndpointTable(connection).ports().getOrDefault(owner, List.of()));
    }

    /** The name servers of endpoints: the host's addresses on the networks that resolve names. */
    public List<InetAddress> resolvers(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> get(endpoint.network()))
                .filter(Network::resolvesNames)
                .flatMap(network -> network.subnets().stream())
                .map(Subnet::gateway)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Writes the row of a new network.
     *
     * @throws ConflictException when the name or the bridge is taken
     * @throws InvalidInputException when the network cannot be as it is asked for
     * @throws dev.wherry.daemon.error.ForbiddenException when it uses an interface of the host and the caller does not own
     *     the host
     */
    public Network define(NetworkCreation creation) {
        NetworkPlan.check(creation);
        NetworkOptions.checkAccess(creation);
        String id = Identifiers.make();
        List<Cidr> hostRoutes = routes.get();
        List<Event> told = new ArrayList<>();
        Network defined = neighbours.choose(ranges -> rows.change(connection -> {
            NetworkTable table = new NetworkTable(connection);
            List<Network> others = table.all();
            if (Network.isPredefined(creation.name())) {
                throw new ConflictException("operation is not permitted on predefined " + creation.name() + " network");
            }
            if (others.stream().anyMatch(other -> other.name().equals(creation.name()))) {
                throw new ConflictException("network with name " + creation.name() + " already exists");
            }
            List<Cidr> used = ranges(others);
            used.addAll(ranges(table.beingRemoved()));
            used.addAll(ranges);
            Network network = new Network(
                    id,
                    creation.name(),
                    creation.driver(),
                    Instant.now(),
                    RequestField.read(
                            "subnets",
                            () -> NetworkPlan.subnets(creation, used, hostRoutes, pools, spread == 0 ? 1 : spread)),
                    creation.internal(),
                    creation.ipv6(),
                    creation.attachable(),
                    NetworkPlan.interfaceName(creation, "br-" + id.substring(0, 12)),
                    creation.options(),
                    creation.labels());
            refuseUsedBridge(network, others);
            table.insert(network);
            told.add(record(connection, network, "create"));
            return network;
        }));
        events.publish(told);
        return defined;
    }

    private static void refuseUsedBridge(Network network, List<Network> others) {
        if (network.driver() == NetworkDriver.BRIDGE) {
            others.stream()
                    .filter(other -> other.driver() == NetworkDriver.BRIDGE
                            && other.interfaceName().equals(network.interfaceName()))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new ConflictException("bridge " + network.interfaceName() + " belongs to network "
                                + other.name() + ": choose another name");
                    });
        }
    }

    /**
     * Begins the removal of a network: from now on no endpoint can be made on it, and its name is free.
     *
     * @throws ConflictException when it is predefined or has endpoints
     */
    public void beginRemoval(Network network) {
        if (network.isPredefined()) {
            throw new ConflictException(network.name() + " is a pre-defined network and cannot be removed");
        }
        List<Event> told = new ArrayList<>();
        rows.change(connection -> {
            List<Endpoint> endpoints = new EndpointTable(connection).ofNetwork(network.id());
            if (!endpoints.isEmpty()) {
                NamespaceOwner owner = endpoints.getFirst().owner();
                throw new ConflictException("error while removing network: network " + network.name()
                        + " has active endpoints (name:\"" + owner.name() + "\" id:\""
                        + endpoints.getFirst().id().substring(0, 12) + "\")");
            }
            new NetworkTable(connection).beginRemoval(network.id());
            told.add(record(connection, network, "destroy"));
            return null;
        });
        events.publish(told);
    }

    /** Networks whose removal has begun. */
    public List<Network> beingRemoved() {
        return database.read(connection -> new NetworkTable(connection).beingRemoved());
    }

    /** Deletes the row, when nothing of the network is left on the host. */
    public void finishRemoval(Network network) {
        rows.change(connection -> {
            new NetworkTable(connection).delete(network.id());
            return null;
        });
    }

    private Event record(Connection connection, Network network, String action) throws SQLException {
        return events.record(connection, Event.NETWORK, action, network.id(), attributes(network));
    }

    /** What docker tells with the events of a network. */
    public static Map<String, String> attributes(Network network) {
        return Map.of("name", network.name(), "type", network.driver().toString());
    }

    static List<Cidr> ranges(Collection<Network> networks) {
        List<Cidr> ranges = new ArrayList<>();
        networks.forEach(network -> network.subnets().forEach(subnet -> ranges.add(subnet.range())));
        return ranges;
    }
}
