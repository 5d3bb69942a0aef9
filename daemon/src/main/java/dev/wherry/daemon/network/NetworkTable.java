package dev.wherry.daemon.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.metadata.Rows;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table {@code network}, within one transaction. */
final class NetworkTable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;

    NetworkTable(Connection connection) {
        this.connection = connection;
    }

    void insert(Network network) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO network (id, name, driver, created_at, subnets, internal, ipv6, attachable, interface,"
                        + " options, labels) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setString(1, network.id());
            statement.setString(2, network.name());
            statement.setString(3, network.driver().name());
            statement.setLong(4, Rows.nanos(network.createdAt()));
            statement.setString(5, subnets(network.subnets()));
            statement.setBoolean(6, network.internal());
            statement.setBoolean(7, network.ipv6());
            statement.setBoolean(8, network.attachable());
            statement.setString(9, network.interfaceName());
            statement.setString(10, Rows.json(network.options()));
            statement.setString(11, Rows.json(network.labels()));
            statement.executeUpdate();
        }
    }

    /** Those that are there, oldest first. */
    List<Network> all() throws SQLException {
        return select(false);
    }

    /** One that is there. */
    Optional<Network> find(String id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM network WHERE id = ? AND removing = 0")) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Those whose removal has begun. */
    List<Network> beingRemoved() throws SQLException {
        return select(true);
    }

    private List<Network> select(boolean removing) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM network WHERE removing = ? ORDER BY created_at, id")) {
            statement.setBoolean(1, removing);
            List<Network> networks = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    networks.add(read(row));
                }
            }
            return networks;
        }
    }

    void setSubnets(String id, List<Subnet> subnets) throws SQLException {
        Rows.execute(connection, "UPDATE network SET subnets = ? WHERE id = ?", subnets(subnets), id);
    }

    /** Begins the removal: the name is free, no endpoint can be made any more. */
    void beginRemoval(String id) throws SQLException {
        // No network can have a name with a slash, but one may have the ID of another as its name.
        Rows.execute(connection, "UPDATE network SET removing = 1, name = '/' || id WHERE id = ?", id);
    }

    void delete(String id) throws SQLException {
        Rows.execute(connection, "DELETE FROM network WHERE id = ?", id);
    }

    private static Network read(ResultSet row) throws SQLException {
        return new Network(
                row.getString("id"),
                row.getString("name"),
                NetworkDriver.valueOf(row.getString("driver")),
                Rows.instant(row.getLong("created_at")),
                subnets(row.getString("subnets")),
                row.getBoolean("internal"),
                row.getBoolean("ipv6"),
                row.getBoolean("attachable"),
                row.getString("interface"),
                Rows.map(row.getString("options")),
                Rows.map(row.getString("labels")));
    }

    private static String subnets(List<Subnet> subnets) {
        ArrayNode all = JSON.createArrayNode();
        for (Subnet subnet : subnets) {
            ObjectNode one = all.addObject().put("range", subnet.range().toString());
            subnet.ipRange().ifPresent(part -> one.put("ipRange", part.toString()));
            subnet.gateway().ifPresent(gateway -> one.put("gateway", Cidr.text(gateway)));
            ObjectNode aux = one.putObject("aux");
            subnet.auxAddresses().forEach((name, address) -> aux.put(name, Cidr.text(address)));
        }
        return all.toString();
    }

    private static List<Subnet> subnets(String json) {
        try {
            List<Subnet> subnets = new ArrayList<>();
            for (JsonNode one : JSON.readTree(json)) {
                Map<String, InetAddress> aux = new HashMap<>();
                one.path("aux")
                        .properties()
                        .forEach(entry -> aux.put(
                                entry.getKey(),
                                InetAddress.ofLiteral(entry.getValue().asText())));
                subnets.add(new Subnet(
                        Cidr.parse("subnet", one.path("range").asText()),
                        Optional.ofNullable(one.get("ipRange")).map(part -> Cidr.parse("range", part.asText())),
                        Optional.ofNullable(one.get("gateway")).map(gateway -> InetAddress.ofLiteral(gateway.asText())),
                        aux));
            }
            return subnets;
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("subnets of a network in the database: " + broken.getMessage(), broken);
        }
    }
}
