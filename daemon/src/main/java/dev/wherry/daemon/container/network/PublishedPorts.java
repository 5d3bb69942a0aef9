package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.network.PortMapping;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The ports that a container wants published. */
public final class PublishedPorts {

    private PublishedPorts() {}

    public static List<PortMapping> mappings(ContainerSettings settings) {
        List<PortMapping> mappings = new ArrayList<>();
        for (PortBinding binding : bindings(settings)) {
            PortMapping next = mapping(binding);
            int last = mappings.size() - 1;
            if (last >= 0 && continues(mappings.get(last), next)) {
                mappings.set(last, longer(mappings.get(last)));
            } else {
                mappings.add(next);
            }
        }
        return mappings;
    }

    /** Those asked for, then those that are exposed if all of these are to be published. */
    private static List<PortBinding> bindings(ContainerSettings settings) {
        Networking networking = settings.request().networking();
        List<PortBinding> bindings = new ArrayList<>(networking.ports());
        if (networking.publishAll()) {
            Set<String> named =
                    networking.ports().stream().map(PortBinding::port).collect(Collectors.toSet());
            for (String port : settings.ports()) {
                if (!named.contains(port)) {
                    String[] parts = port.split("/", 2);
                    bindings.add(PortBinding.anywhere(Integer.parseInt(parts[0]), parts[1]));
                }
            }
        }
        return bindings;
    }

    private static PortMapping mapping(PortBinding binding) {
        return new PortMapping(
                binding.hostIp().isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(binding.hostIp())),
                binding.hostPort(),
                binding.hostPortEnd() > binding.hostPort() ? binding.hostPortEnd() : 0,
                binding.containerPort(),
                binding.protocol(),
                1);
    }

    /** Ports in a row are one mapping: hundreds of them then cost as much as one. */
    private static boolean continues(PortMapping mapping, PortMapping next) {
        return mapping.hostPort() > 0
                && mapping.lastHostPort() == 0
                && next.lastHostPort() == 0
                && next.hostPort() == mapping.hostPort() + mapping.range()
                && next.containerPort() == mapping.containerPort() + mapping.range()
                && next.protocol().equals(mapping.protocol())
                && next.hostIp().equals(mapping.hostIp());
    }

    private static PortMapping longer(PortMapping mapping) {
        return new PortMapping(
                mapping.hostIp(),
                mapping.hostPort(),
                0,
                mapping.containerPort(),
                mapping.protocol(),
                mapping.range() + 1);
    }
}
