package dev.wherry.daemon.network;

import dev.wherry.daemon.error.ExhaustedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the ranges of networks come from whose user named none.
 *
 * @param pools in the order of their use; a version of IP that has none gets its standard
 */
public record AddressPools(List<AddressPool> pools) {

    private static final int ULA_PREFIX = 64;

    public AddressPools {
        pools = List.copyOf(pools);
    }

    /** Docker's ranges for IPv4. They are read here, since an executable cannot hold an address made as it was compiled. */
    private static List<AddressPool> standard() {
        return Stream.of(
                        "172.17.0.0/16=16",
                        "172.18.0.0/15=16",
                        "172.20.0.0/14=16",
                        "172.24.0.0/13=16",
                        "192.168.0.0/16=20")
                .map(AddressPool::parse)
                .toList();
    }

    private List<AddressPool> of(boolean ipv6) {
        List<AddressPool> given =
                pools.stream().filter(pool -> pool.isIpv6() == ipv6).toList();
        return given.isEmpty() && !ipv6 ? standard() : given;
    }

    /**
     * A range of version 4 that overlaps none of those given.
     *
     * @param first where the search begins, counted round: 0 for docker's order, in which the predefined bridge has the
     *     first one
     * @throws ExhaustedException when there is none
     */
    Cidr freeIpv4(int first, Collection<Cidr> used) {
        return free(of(false), first, used).orElseThrow(AddressPools::exhausted);
    }

    /**
     * A range of version 6 that overlaps none of those given: from the pools, else of unique local addresses, by chance,
     * as RFC 4193 says.
     *
     * @throws ExhaustedException when there is none
     */
    Cidr freeIpv6(Collection<Cidr> used) {
        List<AddressPool> given = of(true);
        return given.isEmpty() ? freeUla(used) : free(given, 0, used).orElseThrow(AddressPools::exhausted);
    }

    private static ExhaustedException exhausted() {
        return new ExhaustedException(
                "all predefined address pools have been fully subnetted: remove networks that are not used, or"
                        + " name a range with --subnet");
    }

    private static Optional<Cidr> free(List<AddressPool> pools, int first, Collection<Cidr> used) {
        int count = pools.stream().mapToInt(AddressPool::count).sum();
        return IntStream.range(0, count)
                .mapToObj(i -> range(pools, (first + i) % count))
                .filter(range -> used.stream().noneMatch(range::overlaps))
                .findFirst();
    }

    private static Cidr range(List<AddressPool> pools, int n) {
        int rest = n;
        for (AddressPool pool : pools) {
            if (rest < pool.count()) {
                return pool.range(rest);
            }
            rest -= pool.count();
        }
        throw new IndexOutOfBoundsException(n);
    }

    private static Cidr freeUla(Collection<Cidr> used) {
        while (true) {
            byte[] bytes = new byte[16];
            ThreadLocalRandom.current().nextBytes(bytes);
            bytes[0] = (byte) 0xfd;
            try {
                Cidr range = new Cidr(InetAddress.getByAddress(bytes), ULA_PREFIX);
                if (used.stream().noneMatch(range::overlaps)) {
                    return range;
                }
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
