package dev.wherry.daemon.network;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Chooses addresses for endpoints: the next of the range that is free. */
final class AddressAllocation {

    private AddressAllocation() {}

    /**
     * An address of a subnet.
     *
     * @param wanted the address to have; empty for any
     * @param used addresses of other endpoints
     * @param last where to go on from; empty for the start of the range
     * @throws ConflictException when the wanted address is used
     * @throws ExhaustedException when no address is free
     */
    static InetAddress choose(
            Network network,
            Subnet subnet,
            Optional<InetAddress> wanted,
            Collection<InetAddress> used,
            Optional<InetAddress> last) {
        Set<InetAddress> taken = new HashSet<>(used);
        subnet.gateway().ifPresent(taken::add);
        if (wanted.isPresent()) {
            InetAddress address = wanted.get();
            if (!subnet.range().contains(address)) {
                throw new InvalidInputException("address " + Cidr.text(address) + " is not in the subnet "
                        + subnet.range() + " of network " + network.name());
            }
            if (taken.contains(address) || isReserved(subnet, address)) {
                throw new ConflictException("address " + Cidr.text(address) + " of network " + network.name()
                        + " is already in use: choose another or none");
            }
            return address;
        }
        taken.addAll(subnet.auxAddresses().values());
        Cidr pool = subnet.ipRange().orElse(subnet.range());
        BigInteger start = last.filter(pool::contains).map(pool::indexOf).orElse(BigInteger.ZERO);
        for (BigInteger n = BigInteger.ZERO; n.compareTo(pool.size()) < 0; n = n.add(BigInteger.ONE)) {
            InetAddress address = pool.address(start.add(n).mod(pool.size()));
            if (!taken.contains(address) && !isReserved(subnet, address)) {
                return address;
            }
        }
        throw new ExhaustedException("network " + network.name() + " has no free address left in " + pool
                + ": disconnect something, or use another network");
    }

    /** True for the first address of a range, which names it, and of version 4 for the last, which means all. */
    private static boolean isReserved(Subnet subnet, InetAddress address) {
        return address.equals(subnet.range().address())
                || !subnet.isIpv6() && address.equals(subnet.range().last());
    }
}
