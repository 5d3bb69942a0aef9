package dev.wherry.daemon.container.network;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Subnet;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the name files of a container say of its endpoints. */
public final class EndpointNames {

    private EndpointNames() {}

    /**
     * The names.
     *
     * @param endpoints the one with the default route first
     * @param links lines for linked containers
     */
    public static OwnNames of(List<Endpoint> endpoints, Networks networks, List<String> links) {
        List<String> addresses = new ArrayList<>();
        Optional<String> gateway = Optional.empty();
        for (Endpoint endpoint : endpoints) {
            Network network = networks.get(endpoint.network());
            endpoint.addresses().forEach(address -> addresses.add(Cidr.text(address)));
            List<String> gateways = network.subnets().stream()
                    .map(Subnet::gateway)
                    .flatMap(Optional::stream)
                    .map(Cidr::text)
                    .toList();
            gateway = gateway.or(() -> gateways.stream().findFirst());
        }
        List<String> resolvers =
                networks.resolvers(endpoints).stream().map(Cidr::text).toList();
        return new OwnNames(addresses, resolvers, gateway, links);
    }
}
