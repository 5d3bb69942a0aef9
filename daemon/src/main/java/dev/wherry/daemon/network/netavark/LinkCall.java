package dev.wherry.daemon.network.netavark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.NetworkOptions;
import java.util.List;

/**
 * The links to make or to remove in one namespace.
 *
 * @param endpoints with the network of each
 */
public record LinkCall(List<Link> endpoints) {

    public LinkCall {
        endpoints = List.copyOf(endpoints);
    }

    /** An endpoint and its network. */
    public record Link(Network network, Endpoint endpoint) {}

    /** The input of netavark. */
    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String owner = endpoints.getFirst().endpoint().owner().id();
        json.put("container_id", owner).put("container_name", owner);
        ObjectNode connections = json.putObject("networks");
        ObjectNode networks = json.putObject("network_info");
        for (Link link : endpoints) {
            connection(connections.putObject(link.network().id()), link.endpoint());
            network(networks.putObject(link.network().id()), link);
        }
        return json.toString();
    }

    private static void connection(ObjectNode json, Endpoint endpoint) {
        json.put("interface_name", endpoint.interfaceName());
        endpoint.addresses().forEach(address -> json.withArray("static_ips").add(Cidr.text(address)));
        if (!endpoint.mac().isEmpty()) {
            json.put("static_mac", endpoint.mac());
        }
    }

    private static void network(ObjectNode json, Link link) {
        Network network = link.network();
        json.put("id", network.id())
                .put("name", network.id())
                .put("driver", network.driver().toString())
                .put("dns_enabled", false)
                .put("internal", network.internal())
                .put("ipv6_enabled", network.subnet(true).isPresent());
        if (!network.interfaceName().isEmpty()) {
            json.put("network_interface", network.interfaceName());
        }
        ObjectNode options = json.putObject("options");
        options.put("metric", Integer.toString(link.endpoint().metric()));
        if (network.mtu() > 0) {
            options.put("mtu", Integer.toString(network.mtu()));
        }
        String mode = network.options()
                .get(
                        network.driver() == NetworkDriver.MACVLAN
                                ? NetworkOptions.MACVLAN_MODE
                                : NetworkOptions.IPVLAN_MODE);
        if (mode != null && network.driver() != NetworkDriver.BRIDGE) {
            options.put("mode", mode);
        }
        json.putObject("ipam_options").put("driver", "host-local");
        network.subnets().forEach(subnet -> {
            ObjectNode one = json.withArray("subnets").addObject();
            one.put("subnet", subnet.range().toString());
            subnet.gateway().ifPresent(gateway -> one.put("gateway", Cidr.text(gateway)));
        });
    }
}
