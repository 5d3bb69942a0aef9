package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The place of a namespace on a network.
 *
 * @param id 64 hexadecimal digits
 * @param network ID of the network
 * @param interfaceName in the namespace, as {@code eth0}
 * @param aliases more names on this network, as the user gave them
 * @param metric of its default routes; the lowest wins
 * @param links names by which it knows others on this network
 */
public record Endpoint(
        String id,
        String network,
        NamespaceOwner owner,
        String interfaceName,
        String mac,
        Optional<InetAddress> ipv4,
        Optional<InetAddress> ipv6,
        List<String> aliases,
        int metric,
        List<EndpointLink> links) {

    public Endpoint {
        aliases = List.copyOf(aliases);
        links = List.copyOf(links);
    }

    /** The same with other aliases. */
    Endpoint withAliases(List<String> next) {
        return new Endpoint(id, network, owner, interfaceName, mac, ipv4, ipv6, next, metric, links);
    }

    /** Its addresses, that of version 4 first. */
    public List<InetAddress> addresses() {
        List<InetAddress> addresses = new ArrayList<>();
        ipv4.ifPresent(addresses::add);
        ipv6.ifPresent(addresses::add);
        return addresses;
    }

    /** Every name that others on the network resolve it by: the owner's, then the aliases. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(owner.name());
        names.addAll(owner.names());
        names.addAll(aliases);
        return names.stream().distinct().toList();
    }
}
