package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.Reservations.Reserved;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The ports of running containers: which are exposed, and where they are published. */
@Singleton
public final class ContainerPorts {

    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "::";

    private final Networks networks;

    public ContainerPorts(Networks networks) {
        this.networks = networks;
    }

    /** None of a container that does not run, or that has no network of its own. */
    public List<ContainerPort> of(Container container) {
        return hasOwnNetwork(container)
                ? of(container, new Reserved(networks.endpointsOf(container.id()), networks.portsOf(container.id())))
                : List.of();
    }

    /** As above, by the IDs of the containers, with one look at all networks. */
    public Map<String, List<ContainerPort>> of(List<Container> containers) {
        List<Container> connected =
                containers.stream().filter(ContainerPorts::hasOwnNetwork).toList();
        if (connected.isEmpty()) {
            return Map.of();
        }
        Map<String, Reserved> attached = networks.attached();
        Map<String, List<ContainerPort>> ports = new HashMap<>();
        for (Container container : connected) {
            ports.put(container.id(), of(container, attached.getOrDefault(container.id(), Reserved.NOTHING)));
        }
        return ports;
    }

    private static boolean hasOwnNetwork(Container container) {
        return container.state().isAlive()
                && NetworkMode.ofContainer(container.settings().request().network()) == NetworkMode.BRIDGE;
    }

    private static List<ContainerPort> of(Container container, Reserved reserved) {
        List<ContainerPort> ports = new ArrayList<>();
        reserved.ports().forEach(mapping -> add(mapping, reserved.endpoints(), ports));
        Set<String> named = ports.stream().map(ContainerPort::port).collect(Collectors.toSet());
        for (String exposed : container.settings().ports()) {
            if (!named.contains(exposed)) {
                String[] parts = exposed.split("/", 2);
                ports.add(new ContainerPort(Integer.parseInt(parts[0]), parts[1], "", 0));
            }
        }
        return ports;
    }

    private static void add(PortMapping mapping, List<Endpoint> endpoints, List<ContainerPort> ports) {
        for (int i = 0; i < mapping.range(); i++) {
            for (String ip : addresses(mapping, endpoints)) {
                ports.add(
                        new ContainerPort(mapping.containerPort() + i, mapping.protocol(), ip, mapping.hostPort() + i));
            }
        }
    }

    /** All addresses of the host are those of the versions of IP that the container has. */
    private static List<String> addresses(PortMapping mapping, List<Endpoint> endpoints) {
        if (mapping.hostIp().isPresent()) {
            return List.of(Cidr.text(mapping.hostIp().get()));
        }
        List<String> any = new ArrayList<>();
        if (endpoints.stream().anyMatch(endpoint -> endpoint.ipv4().isPresent())) {
            any.add(ANY_IPV4);
        }
        if (endpoints.stream().anyMatch(endpoint -> endpoint.ipv6().isPresent())) {
            any.add(ANY_IPV6);
        }
        return any;
    }
}
