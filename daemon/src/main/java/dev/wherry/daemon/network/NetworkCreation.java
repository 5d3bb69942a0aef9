package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

        /**
         * Reads a subnet; what is empty is not given.
         *
         * @throws InvalidInputException when a range or an address is malformed
         */
        public static SubnetRequest parse(
                String range, String ipRange, String gateway, Map<String, String> auxAddresses) {
            Map<String, InetAddress> aux = new HashMap<>();
            auxAddresses.forEach((name, address) -> aux.put(name, Cidr.parseAddress("auxiliary address", address)));
            return new SubnetRequest(
                    given(range, text -> Cidr.parse("subnet", text)),
                    given(ipRange, text -> Cidr.parse("IP range", text)),
                    given(gateway, text -> Cidr.parseAddress("gateway", text)),
                    aux);
        }

        private static <T> Optional<T> given(String text, Function<String, T> parse) {
            return text.isEmpty() ? Optional.empty() : Optional.of(parse.apply(text));
        }
    }
}
