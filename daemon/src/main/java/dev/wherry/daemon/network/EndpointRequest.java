package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint shall be.
 *
 * @param network ID of the network
 * @param aliases more names on this network
 * @param ipv4 the address to have; empty for any
 * @param ipv6 the address to have; empty for any
 * @param mac the hardware address to have, as {@code 02:42:ac:11:00:02}; empty for one that follows from the address
 * @param gatewayPriority the endpoint with the highest one has the default route
 * @param interfaceName in the namespace; empty for the next that is free
 * @param links names by which it knows others on this network
 */
public record EndpointRequest(
        String network,
        List<String> aliases,
        Optional<InetAddress> ipv4,
        Optional<InetAddress> ipv6,
        Optional<String> mac,
        int gatewayPriority,
        Optional<String> interfaceName,
        List<EndpointLink> links) {

    public EndpointRequest {
        aliases = List.copyOf(aliases);
        links = List.copyOf(links);
    }

    /** With the next name of an interface that is free, and no links. */
    public EndpointRequest(
            String network,
            List<String> aliases,
            Optional<InetAddress> ipv4,
            Optional<InetAddress> ipv6,
            Optional<String> mac,
            int gatewayPriority) {
        this(network, aliases, ipv4, ipv6, mac, gatewayPriority, Optional.empty(), List.of());
    }

    /** An endpoint of a network with whatever address is free. */
    public static EndpointRequest of(String network) {
        return new EndpointRequest(network, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }

    public EndpointRequest withAliases(List<String> more) {
        return new EndpointRequest(network, more, ipv4, ipv6, mac, gatewayPriority, interfaceName, links);
    }
}
