package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range that is cut into equal ranges, one for each network.
 *
 * @param base all of it
 * @param prefix of the ranges that it is cut into
 */
public record AddressPool(Cidr base, int prefix) {

    private static final Pattern TEXT = Pattern.compile("(?<base>[^=\\s]+)\\s*=\\s*(?<prefix>[0-9]{1,3})");
    /** More ranges than anybody has networks; the rest of a large pool is not used. */
    private static final int MOST_BITS = 16;
    /** A smaller range has no room for a gateway and an endpoint. */
    private static final int LEAST_HOST_BITS = 2;

    /**
     * Reads a pool such as {@code 10.10.0.0/16=24}.
     *
     * @throws InvalidInputException when the text is none
     */
    public static AddressPool parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()) {
            throw new InvalidInputException(
                    "\"" + text + "\" is no address pool: write one as 10.10.0.0/16=24, for networks of that prefix");
        }
        Cidr base = Cidr.parse("address pool", parts.group("base"));
        int prefix = Integer.parseInt(parts.group("prefix"));
        int most = (base.isIpv6() ? 128 : 32) - LEAST_HOST_BITS;
        if (prefix < base.prefix() || prefix > most) {
            throw new InvalidInputException("address pool " + base + " cannot be cut into ranges of /" + prefix
                    + ": choose a prefix from " + base.prefix() + " to " + most);
        }
        return new AddressPool(base, prefix);
    }

    boolean isIpv6() {
        return base.isIpv6();
    }

    int count() {
        return 1 << Math.min(prefix - base.prefix(), MOST_BITS);
    }

    /** The n-th range, from 0. */
    Cidr range(int n) {
        return new Cidr(base.address(), prefix).next(n);
    }
}
