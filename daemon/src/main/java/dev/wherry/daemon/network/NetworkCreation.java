package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a network shall be.
 *
 * @param subnets its ranges; a version of IP that is used and has none gets one that is free
 * @param ipv4 false for a network without addresses of version 4
 */
public record NetworkCreation(
        String name,
        NetworkDriver driver,
        List<SubnetRequest> subnets,
        boolean internal,
        boolean ipv4,
        boolean ipv6,
        boolean attachable,
        Map<String, String> options,
        Map<String, String> labels) {

    public NetworkCreation {
        subnets = List.copyOf(subnets);
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /** A bridge with a range that is free. */
    public static NetworkCreation bridge(String name) {
        return new NetworkCreation(
                name, NetworkDriver.BRIDGE, List.of(), false, true, false, false, Map.of(), Map.of());
    }

    /**
     * A range of a network.
     *
     * @param range empty for one that is free
     * @param gateway empty for the first address
     */
    public record SubnetRequest(
            Optional<Cidr> range,
            Optional<Cidr> ipRange,
            Optional<InetAddress> gateway,
            Map<String, InetAddress> auxAddresses) {

        public SubnetRequest {
            auxAddresses = Map.copyOf(auxAddresses);
        }
    }
}
