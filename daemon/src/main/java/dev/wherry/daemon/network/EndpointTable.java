package dev.wherry.daemon.network;

import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.network.Reservations.Reserved;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables {@code endpoint} and {@code published_port}, within one transaction. */
public final class EndpointTable {

    private final Connection connection;

    public EndpointTable(Connection connection) {
        this.connection = connection;
    }

    /** @param changing true while the link is made or removed in a namespace that is in use */
    public void insert(Endpoint endpoint, boolean changing) throws SQLException {
        Rows.execute(
                connection,
                "INSERT INTO endpoint (id, network, owner, owner_name, owner_names, owner_resolvers, interface, mac,"
                        + " ipv4, ipv6, aliases, metric, links, changing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                endpoint.id(),
                endpoint.network(),
                endpoint.owner().id(),
                endpoint.owner().name(),
                Rows.json(endpoint.owner().names()),
                Rows.json(endpoint.owner().resolvers().stream().map(Cidr::text).toList()),
                endpoint.interfaceName(),
                endpoint.mac(),
                endpoint.ipv4().map(Cidr::text).orElse(null),
                endpoint.ipv6().map(Cidr::text).orElse(null),
                Rows.json(endpoint.aliases()),
                endpoint.metric(),
                json(endpoint.links()),
                changing);
    }

    public void setChanging(String id, boolean changing) throws SQLException {
        Rows.execute(connection, "UPDATE endpoint SET changing = ? WHERE id = ?", changing, id);
    }

    public void rename(String owner, String name) throws SQLException {
        Rows.execute(connection, "UPDATE endpoint SET owner_name = ? WHERE owner = ?", name, owner);
    }

    public void setLinks(String id, List<EndpointLink> links) throws SQLException {
        Rows.execute(connection, "UPDATE endpoint SET links = ? WHERE id = ?", json(links), id);
    }

    private static String json(List<EndpointLink> links) {
        return Rows.json(links.stream().map(EndpointLink::toString).toList());
    }

    public void delete(String id) throws SQLException {
        Rows.execute(connection, "DELETE FROM endpoint WHERE id = ?", id);
    }

    /** Deletes the endpoints and ports of an owner. */
    public void deleteOwner(String owner) throws SQLException {
        Rows.execute(connection, "DELETE FROM endpoint WHERE owner = ?", owner);
        Rows.execute(connection, "DELETE FROM published_port WHERE owner = ?", owner);
    }

    public List<Endpoint> all() throws SQLException {
        return select("1 = 1 ORDER BY owner, metric, interface");
    }

    /** The names of all owners, by their IDs. */
    Map<String, String> ownerNames() throws SQLException {
        Map<String, String> names = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT DISTINCT owner, owner_name FROM endpoint");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                names.put(row.getString("owner"), row.getString("owner_name"));
            }
        }
        return names;
    }

    /** What each owner has, by its ID. */
    Map<String, Reserved> attached() throws SQLException {
        Map<String, List<PortMapping>> ports = ports();
        Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
        all().forEach(endpoint -> endpoints
                .computeIfAbsent(endpoint.owner().id(), id -> new ArrayList<>())
                .add(endpoint));
        Map<String, Reserved> attached = new LinkedHashMap<>();
        endpoints.forEach((owner, own) -> attached.put(owner, new Reserved(own, ports.getOrDefault(owner, List.of()))));
        return attached;
    }

    public List<Endpoint> ofNetwork(String network) throws SQLException {
        return select("network = ? ORDER BY owner_name, owner", network);
    }

    /** Those of an owner; the one with the default route first. */
    public List<Endpoint> ofOwner(String owner) throws SQLException {
        return select("owner = ? ORDER BY metric, interface", owner);
    }

    /** Those whose link was being made or removed in a namespace that is in use. */
    public List<Endpoint> changing() throws SQLException {
        return select("changing = 1");
    }

    private List<Endpoint> select(String where, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM endpoint WHERE " + where)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<Endpoint> endpoints = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    endpoints.add(new Endpoint(
                            row.getString("id"),
                            row.getString("network"),
                            new NamespaceOwner(
                                    row.getString("owner"),
                                    row.getString("owner_name"),
                                    Rows.list(row.getString("owner_names")),
                                    Rows.list(row.getString("owner_resolvers")).stream()
                                            .map(InetAddress::ofLiteral)
                                            .toList()),
                            row.getString("interface"),
                            row.getString("mac"),
                            Optional.ofNullable(row.getString("ipv4")).map(InetAddress::ofLiteral),
                            Optional.ofNullable(row.getString("ipv6")).map(InetAddress::ofLiteral),
                            Rows.list(row.getString("aliases")),
                            row.getInt("metric"),
                            Rows.list(row.getString("links")).stream()
                                    .map(EndpointLink::parse)
                                    .toList()));
                }
            }
            return endpoints;
        }
    }

    public void insertPort(String owner, PortMapping port) throws SQLException {
        Rows.execute(
                connection,
                "INSERT INTO published_port (owner, host_ip, host_port, container_port, protocol, range)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                owner,
                port.hostIp().map(Cidr::text).orElse(""),
                port.hostPort(),
                port.containerPort(),
                port.protocol(),
                port.range());
    }

    /** All published ports, by owner. */
    public Map<String, List<PortMapping>> ports() throws SQLException {
        Map<String, List<PortMapping>> ports = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM published_port ORDER BY id");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String ip = row.getString("host_ip");
                ports.computeIfAbsent(row.getString("owner"), owner -> new ArrayList<>())
                        .add(new PortMapping(
                                ip.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(ip)),
                                row.getInt("host_port"),
                                0,
                                row.getInt("container_port"),
                                row.getString("protocol"),
                                row.getInt("range")));
            }
        }
        return ports;
    }
}
