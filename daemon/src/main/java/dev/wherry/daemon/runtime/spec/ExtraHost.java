package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.function.Supplier;

/**
 * An additional host, which a process finds in its {@code /etc/hosts}.
 *
 * @param address an IP address, or "host-gateway"
 */
public record ExtraHost(String name, String address) {

    private static final String GATEWAY = "host-gateway";

    /**
     * An entry "NAME:ADDRESS"; an address of version 6 may stand in brackets, and host-gateway stands for the host.
     *
     * @throws InvalidInputException when the entry is malformed
     */
    public static ExtraHost parse(String entry) {
        int colon = entry.indexOf(':');
        String address = unbracketed(entry.substring(colon + 1));
        if (colon < 1 || entry.substring(0, colon).chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '#')) {
            throw new InvalidInputException("additional host " + entry + ": write NAME:ADDRESS");
        }
        if (!address.equals(GATEWAY) && !IpAddresses.isAddress(address)) {
            throw new InvalidInputException("additional host " + entry + ": \"" + address + "\" is no IP address");
        }
        return new ExtraHost(entry.substring(0, colon), address);
    }

    private static String unbracketed(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    /**
     * The line of {@code /etc/hosts}.
     *
     * @param gateway the address of the host, asked for if this is it
     */
    public String line(Supplier<String> gateway) {
        return (address.equals(GATEWAY) ? gateway.get() : address) + "\t" + name;
    }

    /** The line with host-gateway as it was given. */
    public String unresolved() {
        return line(() -> GATEWAY);
    }
}
