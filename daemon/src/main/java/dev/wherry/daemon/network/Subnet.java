package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * A range of addresses of a network.
 *
 * @param ipRange the part that addresses are chosen from; empty for all
 * @param gateway the address of the host in it, or of a router; empty if there is none
 * @param auxAddresses addresses that no endpoint gets, by the name of who has them
 */
public record Subnet(
        Cidr range, Optional<Cidr> ipRange, Optional<InetAddress> gateway, Map<String, InetAddress> auxAddresses) {

    public Subnet {
        auxAddresses = Map.copyOf(auxAddresses);
    }

    public boolean isIpv6() {
        return range.isIpv6();
    }
}
