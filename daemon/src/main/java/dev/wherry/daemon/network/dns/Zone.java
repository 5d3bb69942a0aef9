package dev.wherry.daemon.network.dns;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Subnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The names on a network.
 *
 * @param endpoints those that are connected
 */
public record Zone(Network network, List<Endpoint> endpoints) {

    public Zone {
        endpoints = List.copyOf(endpoints);
    }

    /** The addresses that the names are asked of: the host's on the network. */
    List<InetAddress> servers() {
        return network.subnets().stream()
                .map(Subnet::gateway)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * The file of aardvark-dns: its addresses, then a line for each endpoint.
     *
     * @param marker one more name, which tells that the file has been read
     */
    String file(String marker) {
        StringBuilder file = new StringBuilder();
        file.append(servers().stream().map(Cidr::text).collect(Collectors.joining(",")))
                .append('\n');
        endpoints.forEach(endpoint -> file.append(line(endpoint)));
        return file.append(line(marker, servers(), List.of(marker), List.of())).toString();
    }

    /** The marker of a file; empty if it has none. */
    static String marker(String file) {
        String last = file.lines().reduce("", (before, line) -> line);
        return last.substring(0, Math.max(0, last.indexOf(' ')));
    }

    private static String line(Endpoint endpoint) {
        return line(
                endpoint.owner().id(),
                endpoint.addresses(),
                endpoint.names(),
                endpoint.owner().resolvers());
    }

    private static String line(
            String id, List<InetAddress> addresses, List<String> names, List<InetAddress> resolvers) {
        String line = String.join(" ", id, join(addresses, false), join(addresses, true), String.join(",", names));
        return line
                + (resolvers.isEmpty()
                        ? ""
                        : " " + resolvers.stream().map(Cidr::text).collect(Collectors.joining(",")))
                + "\n";
    }

    private static String join(List<InetAddress> addresses, boolean ipv6) {
        return addresses.stream()
                .filter(address -> Cidr.isIpv6(address) == ipv6)
                .map(Cidr::text)
                .collect(Collectors.joining(","));
    }
}
