package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.network.ContainerLinks;
import dev.wherry.daemon.container.network.ContainerPort;
import dev.wherry.daemon.container.network.ContainerPorts;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Subnet;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The networks, addresses and ports of a container, by docker's names. */
@Singleton
final class NetworkSettingsJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Networks networks;
    private final ContainerPorts ports;
    private final ContainerLinks links;

    NetworkSettingsJson(Networks networks, ContainerPorts ports, Containers containers) {
        this.networks = networks;
        this.ports = ports;
        this.links = new ContainerLinks(containers, networks);
    }

    /** Links of the default bridge, which are no matter of a network to docker. */
    JsonNode links(Container container) {
        return HostConfigJson.orNull(links.onDefaultBridge(container));
    }

    ObjectNode of(Container container, Optional<String> namespace) {
        ObjectNode settings = JSON.objectNode();
        settings.put("Bridge", "");
        settings.put("SandboxID", namespace.isPresent() ? container.id() : "");
        settings.put("SandboxKey", namespace.orElse(""));
        settings.set("Ports", published(ports.of(container)));
        List<Endpoint> endpoints = networks.endpointsOf(container.id());
        // As docker has it, these are those of the default network.
        Optional<Endpoint> onDefault = endpoints.stream()
                .filter(endpoint -> networks.get(endpoint.network()).name().equals(Network.BRIDGE))
                .findFirst();
        addresses(settings, onDefault);
        settings.set("Networks", networks(container, endpoints));
        return settings;
    }

    private static ObjectNode published(List<ContainerPort> ports) {
        ObjectNode all = JSON.objectNode();
        List<ContainerPort> sorted = new ArrayList<>(ports);
        sorted.sort(Comparator.comparing(ContainerPort::port));
        for (ContainerPort port : sorted) {
            if (!port.isPublished()) {
                all.putNull(port.port());
                continue;
            }
            ArrayNode bindings =
                    all.get(port.port()) instanceof ArrayNode present ? present : all.putArray(port.port());
            bindings.addObject().put("HostIp", port.hostIp()).put("HostPort", Integer.toString(port.hostPort()));
        }
        return all;
    }

    /** @param endpoints of the container */
    ObjectNode networks(Container container, List<Endpoint> endpoints) {
        String mode = container.settings().request().network();
        ObjectNode all = JSON.objectNode();
        switch (NetworkMode.ofContainer(mode)) {
            case HOST, NONE ->
                all.set(mode, endpoint(NetworkAttachment.to(mode), Optional.empty(), List.of(), List.of()));
            case CONTAINER -> {}
            case BRIDGE ->
                container.settings().request().networking().attachments().forEach(attachment -> {
                    Optional<Endpoint> live = endpoints.stream()
                            .filter(endpoint ->
                                    networks.get(endpoint.network()).name().equals(attachment.network()))
                            .findFirst();
                    List<String> dns =
                            attachment.network().equals(Network.BRIDGE) ? List.of() : dnsNames(container, attachment);
                    all.set(
                            attachment.network(),
                            endpoint(attachment, live, dns, links.onNetwork(container, attachment)));
                });
        }
        return all;
    }

    private static List<String> dnsNames(Container container, NetworkAttachment attachment) {
        List<String> names = new ArrayList<>();
        names.add(container.name());
        names.addAll(attachment.aliases());
        names.add(container.shortId());
        return names.stream().distinct().toList();
    }

    private ObjectNode endpoint(
            NetworkAttachment attachment, Optional<Endpoint> live, List<String> dnsNames, List<String> linked) {
        ObjectNode node = JSON.objectNode();
        if (attachment.ipv4().isEmpty() && attachment.ipv6().isEmpty()) {
            node.putNull("IPAMConfig");
        } else {
            ObjectNode wanted = node.putObject("IPAMConfig");
            putUnlessEmpty(wanted, "IPv4Address", attachment.ipv4());
            putUnlessEmpty(wanted, "IPv6Address", attachment.ipv6());
        }
        node.set("Links", HostConfigJson.orNull(linked));
        node.set("Aliases", HostConfigJson.orNull(attachment.aliases()));
        node.put("NetworkID", live.map(Endpoint::network).orElse(""));
        addresses(node, live);
        if (live.isEmpty()) {
            node.put("MacAddress", attachment.mac());
        }
        if (attachment.driverOptions().isEmpty()) {
            node.putNull("DriverOpts");
        } else {
            node.set("DriverOpts", HostConfigJson.map(new TreeMap<>(attachment.driverOptions())));
        }
        node.put("GwPriority", attachment.gatewayPriority());
        node.set("DNSNames", HostConfigJson.orNull(dnsNames));
        return node;
    }

    private void addresses(ObjectNode node, Optional<Endpoint> endpoint) {
        node.put("EndpointID", endpoint.map(Endpoint::id).orElse(""));
        Optional<Network> network = endpoint.map(Endpoint::network).map(networks::get);
        for (boolean six : new boolean[] {false, true}) {
            Optional<InetAddress> address = endpoint.flatMap(six ? Endpoint::ipv6 : Endpoint::ipv4);
            Optional<Subnet> subnet = address.flatMap(given -> network.flatMap(found -> found.subnet(six)));
            node.put(
                    six ? "IPv6Gateway" : "Gateway",
                    subnet.flatMap(Subnet::gateway).map(Cidr::text).orElse(""));
            node.put(
                    six ? "GlobalIPv6Address" : "IPAddress",
                    address.map(Cidr::text).orElse(""));
            node.put(
                    six ? "GlobalIPv6PrefixLen" : "IPPrefixLen",
                    subnet.map(found -> found.range().prefix()).orElse(0));
        }
        node.put("MacAddress", endpoint.map(Endpoint::mac).orElse(""));
    }

    private static void putUnlessEmpty(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }
}
