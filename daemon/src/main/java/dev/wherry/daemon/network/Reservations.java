package dev.wherry.daemon.network;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import dev.wherry.daemon.metadata.Identifiers;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reserves what endpoints need, before anything is made on the host, and gives it back when nothing of it is left there:
 * addresses, interfaces and ports. A reservation is a transaction, so that nothing is given twice; a power failure ends
 * the namespaces, so that none of it waits for the disk.
 */
@Singleton
public final class Reservations {

    /** Metric of the route by the first endpoint, as netavark's. */
    private static final int FIRST_METRIC = 100;

    private static final int GATEWAY_STEP = 1000;

    private final Events events;
    /** The last address chosen, by network and version: an address is not used again while others are free. */
    private final Map<String, InetAddress> last = new HashMap<>();

    private final KnownRows<Map<String, Reserved>> rows;

    Reservations(Database database, Events events) {
        this.rows =
                new KnownRows<>(database, Durability.RELAXED, connection -> new EndpointTable(connection).attached());
        this.events = events;
    }

    /** Chooses ports of the host. */
    @FunctionalInterface
    public interface PortChoice {
        /** @param published ports of others, by the names of their owners */
        List<PortMapping> choose(List<PortMapping> wanted, Map<String, List<PortMapping>> published);
    }

    /** What an owner has; the endpoint with the default route first. */
    public record Reserved(List<Endpoint> endpoints, List<PortMapping> ports) {

        /** Of an owner without a namespace. */
        public static final Reserved NOTHING = new Reserved(List.of(), List.of());
    }

    /**
     * Reserves the endpoints and ports of an owner that has none.
     *
     * @throws NotFoundException when a network does not exist
     * @throws ConflictException when an address or a port is in use
     */
    public Reserved reserve(
            NamespaceOwner owner, List<EndpointRequest> requests, List<PortMapping> ports, PortChoice choice) {
        List<Event> told = new ArrayList<>();
        Reserved reserved = rows.change(connection -> {
            told.clear();
            EndpointTable table = new EndpointTable(connection);
            if (!table.ofOwner(owner.id()).isEmpty()) {
                throw new ConflictException(owner.name() + " is connected to networks already");
            }
            NetworkTable networks = new NetworkTable(connection);
            List<EndpointRequest> ordered = requests.stream()
                    .sorted(Comparator.comparingInt(request -> -request.gatewayPriority()))
                    .toList();
            List<Endpoint> endpoints = new ArrayList<>();
            Set<String> interfaces = new HashSet<>();
            requests.forEach(request -> request.interfaceName().ifPresent(name -> refuseTwice(name, interfaces)));
            for (EndpointRequest request : requests) {
                Network network = network(networks, request.network());
                Endpoint endpoint = endpoint(
                        table,
                        network,
                        owner,
                        request,
                        interfaceName(network, request, interfaces),
                        FIRST_METRIC + ordered.indexOf(request));
                table.insert(endpoint, false);
                endpoints.add(endpoint);
                tell(connection, told, network, owner, "connect");
            }
            List<PortMapping> chosen =
                    ports.isEmpty() ? List.of() : choice.choose(ports, byName(table.ports(), table.ownerNames()));
            for (PortMapping port : chosen) {
                table.insertPort(owner.id(), port);
            }
            endpoints.sort(Comparator.comparingInt(Endpoint::metric));
            return new Reserved(endpoints, chosen);
        });
        events.publish(told);
        return reserved;
    }

    private static Map<String, List<PortMapping>> byName(
            Map<String, List<PortMapping>> ports, Map<String, String> names) {
        Map<String, List<PortMapping>> named = new LinkedHashMap<>();
        ports.forEach((owner, mappings) -> named.put(names.getOrDefault(owner, owner), mappings));
        return named;
    }

    /**
     * Reserves one more endpoint for an owner whose namespace is in use. It counts as changing until {@link #settle}.
     *
     * @throws ConflictException when the owner is on the network already, or the address is in use
     */
    public Endpoint reserveMore(NamespaceOwner owner, EndpointRequest request) {
        return rows.change(connection -> {
            EndpointTable table = new EndpointTable(connection);
            Network network = network(new NetworkTable(connection), request.network());
            List<Endpoint> present = table.ofOwner(owner.id());
            if (present.stream().anyMatch(endpoint -> endpoint.network().equals(network.id()))) {
                throw new ConflictException(
                        "endpoint with name " + owner.name() + " already exists in network " + network.name());
            }
            Set<String> interfaces =
                    new HashSet<>(present.stream().map(Endpoint::interfaceName).toList());
            request.interfaceName().ifPresent(name -> refuseTwice(name, interfaces));
            int metric = request.gatewayPriority() > 0
                    ? present.stream().mapToInt(Endpoint::metric).min().orElse(GATEWAY_STEP) - 1
                    : present.stream().mapToInt(Endpoint::metric).max().orElse(FIRST_METRIC - 1) + 1;
            Endpoint endpoint = endpoint(
                    table, network, owner, request, interfaceName(network, request, interfaces), Math.max(1, metric));
            table.insert(endpoint, true);
            return endpoint;
        });
    }

    /** The link of an endpoint is made. */
    public void settle(Network network, Endpoint endpoint) {
        List<Event> told = new ArrayList<>();
        rows.change(connection -> {
            told.clear();
            new EndpointTable(connection).setChanging(endpoint.id(), false);
            tell(connection, told, network, endpoint.owner(), "connect");
            return null;
        });
        events.publish(told);
    }

    /** The link of an endpoint is going to be removed. */
    public void beginRelease(Endpoint endpoint) {
        rows.change(connection -> {
            new EndpointTable(connection).setChanging(endpoint.id(), true);
            return null;
        });
    }

    /**
     * The link of an endpoint is gone.
     *
     * @param tell false if it never was there for others
     */
    public void release(Network network, Endpoint endpoint, boolean tell) {
        List<Event> told = new ArrayList<>();
        rows.change(connection -> {
            told.clear();
            new EndpointTable(connection).delete(endpoint.id());
            if (tell) {
                tell(connection, told, network, endpoint.owner(), "disconnect");
            }
            return null;
        });
        events.publish(told);
    }

    /** The namespace of an owner is gone. */
    public void releaseAll(String owner) {
        List<Event> told = new ArrayList<>();
        rows.change(connection -> {
            told.clear();
            EndpointTable table = new EndpointTable(connection);
            List<Endpoint> endpoints = table.ofOwner(owner);
            NetworkTable networks = new NetworkTable(connection);
            for (Endpoint endpoint : endpoints) {
                tell(connection, told, network(networks, endpoint.network()), endpoint.owner(), "disconnect");
            }
            table.deleteOwner(owner);
            return null;
        });
        events.publish(told);
    }

    /** Gives an owner another name. */
    public void rename(String owner, String name) {
        rows.change(connection -> {
            new EndpointTable(connection).rename(owner, name);
            return null;
        });
    }

    /** Removes the links of an owner's endpoints by an alias. */
    public void unlink(String owner, String alias) {
        rows.change(connection -> {
            EndpointTable table = new EndpointTable(connection);
            for (Endpoint endpoint : table.ofOwner(owner)) {
                table.setLinks(
                        endpoint.id(),
                        endpoint.links().stream()
                                .filter(link -> !link.alias().equals(alias))
                                .toList());
            }
            return null;
        });
    }

    /** What each owner has, by its ID; read again only after a change. */
    public Map<String, Reserved> attached() {
        return rows.get();
    }

    private void tell(Connection connection, List<Event> told, Network network, NamespaceOwner owner, String action)
            throws SQLException {
        if (owner.isResolved()) {
            Map<String, String> attributes = new HashMap<>(Networks.attributes(network));
            attributes.put("container", owner.id());
            told.add(events.record(connection, Event.NETWORK, action, network.id(), attributes));
        }
    }

    private static void refuseTwice(String name, Set<String> interfaces) {
        if (!interfaces.add(name)) {
            throw new ConflictException("interface " + name + " is there already: name another or none");
        }
    }

    /** The name that was asked for, which is among the names that are taken, or the next that is free. */
    private static String interfaceName(Network network, EndpointRequest request, Set<String> taken) {
        return request.interfaceName().orElseGet(() -> {
            int number = 0;
            while (!taken.add(network.interfacePrefix() + number)) {
                number++;
            }
            return network.interfacePrefix() + number;
        });
    }

    private static Network network(NetworkTable networks, String id) throws SQLException {
        return networks.find(id)
                .orElseThrow(() -> new NotFoundException("network", id, "network " + id + " not found"));
    }

    private Endpoint endpoint(
            EndpointTable table,
            Network network,
            NamespaceOwner owner,
            EndpointRequest request,
            String interfaceName,
            int metric)
            throws SQLException {
        if (!network.driver().hasAddresses()) {
            throw new InvalidInputException("network " + network.name() + " has no endpoints");
        }
        List<Endpoint> others = table.ofNetwork(network.id());
        Optional<InetAddress> ipv4 = address(network, false, request.ipv4(), others);
        Optional<InetAddress> ipv6 = address(network, true, request.ipv6(), others);
        return new Endpoint(
                Identifiers.make(),
                network.id(),
                owner,
                interfaceName,
                network.driver() == NetworkDriver.IPVLAN ? "" : request.mac().orElseGet(() -> mac(ipv4)),
                ipv4,
                ipv6,
                request.aliases(),
                metric,
                request.links());
    }

    private Optional<InetAddress> address(
            Network network, boolean ipv6, Optional<InetAddress> wanted, List<Endpoint> others) {
        Optional<Subnet> subnet = network.subnet(ipv6);
        if (subnet.isEmpty()) {
            wanted.ifPresent(address -> {
                throw new InvalidInputException(
                        "network " + network.name() + " has no subnet for address " + Cidr.text(address));
            });
            return Optional.empty();
        }
        List<InetAddress> used =
                others.stream().flatMap(other -> other.addresses().stream()).toList();
        String key = network.id() + ipv6;
        InetAddress chosen =
                AddressAllocation.choose(network, subnet.get(), wanted, used, Optional.ofNullable(last.get(key)));
        if (wanted.isEmpty()) {
            last.put(key, chosen);
        }
        return Optional.of(chosen);
    }

    /** Docker's: locally administered, and the address of version 4; without one by chance. */
    private static String mac(Optional<InetAddress> ipv4) {
        byte[] bytes = new byte[6];
        bytes[0] = 0x02;
        bytes[1] = 0x42;
        if (ipv4.isPresent()) {
            System.arraycopy(ipv4.get().getAddress(), 0, bytes, 2, 4);
        } else {
            byte[] chance = new byte[4];
            ThreadLocalRandom.current().nextBytes(chance);
            System.arraycopy(chance, 0, bytes, 2, 4);
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
