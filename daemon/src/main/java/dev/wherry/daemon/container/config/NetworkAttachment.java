package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * How a container is to be connected to a network.
 *
 * @param network its name
 * @param aliases more names of the container on it
 * @param ipv4 empty for a free address
 * @param ipv6 empty for a free address
 * @param mac empty for a generated address
 * @param gatewayPriority the default route leads to the network with the highest
 * @param links "NAME" and "NAME:ALIAS" of other containers on it, which may come later
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkAttachment(
        String network,
        List<String> aliases,
        String ipv4,
        String ipv6,
        String mac,
        Map<String, String> driverOptions,
        int gatewayPriority,
        List<String> links) {

    public NetworkAttachment {
        // Containers of earlier versions have none.
        links = links == null ? List.of() : List.copyOf(links);
        aliases = List.copyOf(aliases);
        driverOptions = Map.copyOf(driverOptions);
    }

    /** Without any wishes. */
    public static NetworkAttachment to(String network) {
        return new NetworkAttachment(network, List.of(), "", "", "", Map.of(), 0, List.of());
    }

    /** The same for another name of the network. */
    public NetworkAttachment named(String next) {
        return new NetworkAttachment(next, aliases, ipv4, ipv6, mac, driverOptions, gatewayPriority, links);
    }

    /** The same with other links. */
    public NetworkAttachment linked(List<String> next) {
        return new NetworkAttachment(network, aliases, ipv4, ipv6, mac, driverOptions, gatewayPriority, next);
    }
}
