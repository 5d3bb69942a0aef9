package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;

/** An additional host, which a process finds in its {@code /etc/hosts}. */
public record ExtraHost(String name, String address) {

    private static final String GATEWAY = "host-gateway";
    private static final String LOOPBACK = "127.0.0.1";

    /**
     * An entry "NAME:ADDRESS"; an address of version 6 may stand in brackets.
     *
     * @param gateway true if host-gateway may stand for the host, which is the loopback address of a process on the
     *     host's own network
     * @throws InvalidInputException when the entry is malformed
     */
    public static ExtraHost parse(String entry, boolean gateway) {
        int colon = entry.indexOf(':');
        String address = unbracketed(entry.substring(colon + 1));
        if (colon < 1 || entry.substring(0, colon).chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '#')) {
            throw new InvalidInputException("additional host " + entry + ": write NAME:ADDRESS");
        }
        if (address.equals(GATEWAY) && !gateway) {
            throw new InvalidInputException("additional host " + entry
                    + ": there is no gateway to the host without a bridge network: name the address");
        }
        if (!address.equals(GATEWAY) && !IpAddresses.isAddress(address)) {
            throw new InvalidInputException("additional host " + entry + ": \"" + address + "\" is no IP address");
        }
        return new ExtraHost(entry.substring(0, colon), address.equals(GATEWAY) ? LOOPBACK : address);
    }

    private static String unbracketed(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    /** The line of {@code /etc/hosts}. */
    public String line() {
        return address + "\t" + name;
    }
}
