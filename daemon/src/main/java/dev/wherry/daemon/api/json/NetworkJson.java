package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Subnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A network as docker's {@code network inspect} has it. */
public final class NetworkJson {

    private NetworkJson() {}

    /** @param endpoints those of containers that run */
    public static String of(Network network, List<Endpoint> endpoints) {
        return json(network, endpoints).toString();
    }

    /** As above, as a part of something else. */
    public static ObjectNode json(Network network, List<Endpoint> endpoints) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Name", network.name());
        json.put("Id", network.id());
        json.put("Created", network.createdAt().toString());
        json.put("Scope", "local");
        json.put("Driver", network.driver().toString());
        json.put("EnableIPv4", network.hasIpv4());
        json.put("EnableIPv6", network.hasIpv6());
        ObjectNode ipam = json.putObject("IPAM");
        ipam.put("Driver", "default");
        ipam.putNull("Options");
        ArrayNode config = ipam.putArray("Config");
        network.subnets().forEach(subnet -> subnet(config.addObject(), subnet));
        json.put("Internal", network.internal());
        json.put("Attachable", network.attachable());
        json.put("Ingress", false);
        json.putObject("ConfigFrom").put("Network", "");
        json.put("ConfigOnly", false);
        ObjectNode containers = json.putObject("Containers");
        endpoints.stream()
                .filter(endpoint -> endpoint.owner().isResolved())
                .forEach(endpoint ->
                        container(containers.putObject(endpoint.owner().id()), network, endpoint));
        texts(json.putObject("Options"), options(network));
        texts(json.putObject("Labels"), network.labels());
        return json;
    }

    private static void subnet(ObjectNode json, Subnet subnet) {
        json.put("Subnet", subnet.range().toString());
        subnet.ipRange().ifPresent(part -> json.put("IPRange", part.toString()));
        subnet.gateway().ifPresent(gateway -> json.put("Gateway", Cidr.text(gateway)));
        if (!subnet.auxAddresses().isEmpty()) {
            ObjectNode aux = json.putObject("AuxiliaryAddresses");
            new TreeMap<>(subnet.auxAddresses()).forEach((name, address) -> aux.put(name, Cidr.text(address)));
        }
    }

    private static void container(ObjectNode json, Network network, Endpoint endpoint) {
        json.put("Name", endpoint.owner().name());
        json.put("EndpointID", endpoint.id());
        json.put("MacAddress", endpoint.mac());
        json.put("IPv4Address", address(network, endpoint.ipv4()));
        json.put("IPv6Address", address(network, endpoint.ipv6()));
    }

    private static String address(Network network, Optional<InetAddress> address) {
        return address.flatMap(present -> network.subnet(Cidr.isIpv6(present))
                        .map(subnet -> subnet.range().withPrefix(present)))
                .orElse("");
    }

    private static Map<String, String> options(Network network) {
        if (!network.name().equals(Network.BRIDGE) || network.driver() != NetworkDriver.BRIDGE) {
            return network.options();
        }
        Map<String, String> options = new TreeMap<>(network.options());
        options.put("com.docker.network.bridge.default_bridge", "true");
        options.put("com.docker.network.bridge.enable_icc", "true");
        options.put("com.docker.network.bridge.enable_ip_masquerade", "true");
        options.put("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0");
        options.putIfAbsent("com.docker.network.driver.mtu", "1500");
        return options;
    }

    private static void texts(ObjectNode json, Map<String, String> texts) {
        new TreeMap<>(texts).forEach(json::put);
    }
}
