package dev.wherry.daemon.network;

import dev.wherry.daemon.error.ExhaustedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ranges for networks whose user named none: docker's. They are read when they are needed, since a native executable
 * cannot hold an address that was made while it was compiled.
 */
final class AddressPools {

    private static final String FIRST = "172.17.0.0/16";
    private static final int FIRST_COUNT = 15;
    private static final String SECOND = "192.168.0.0/20";
    private static final int SECOND_COUNT = 16;

    /** How many ranges there are. */
    static final int COUNT = FIRST_COUNT + SECOND_COUNT;

    private static final int ULA_PREFIX = 64;

    private AddressPools() {}

    /**
     * A range of version 4 that overlaps none of those given.
     *
     * @param first where the search begins: 0 for docker's order, in which the predefined bridge has the first one
     * @throws ExhaustedException when there is none
     */
    static Cidr free(int first, Collection<Cidr> used) {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> range((first + i) % COUNT))
                .filter(range -> used.stream().noneMatch(range::overlaps))
                .findFirst()
                .orElseThrow(() -> new ExhaustedException(
                        "all predefined address pools have been fully subnetted: remove networks that are not used, or"
                                + " name a range with --subnet"));
    }

    private static Cidr range(int n) {
        return n < FIRST_COUNT
                ? Cidr.parse("pool", FIRST).next(n)
                : Cidr.parse("pool", SECOND).next(n - FIRST_COUNT);
    }

    /** A range of unique local addresses of version 6, by chance, as RFC 4193 says. */
    static Cidr freeIpv6(Collection<Cidr> used) {
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
