package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses, such as {@code 172.17.0.0/16}.
 *
 * @param address the first one of the range
 * @param prefix how many leading bits all addresses share
 */
public record Cidr(InetAddress address, int prefix) {

    private static final Pattern FOUR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public Cidr {
        address = at(floor(number(address), bits(address) - prefix), address);
    }

    /**
     * Reads a range. Bits of the address behind the prefix are ignored.
     *
     * @param what the range is, for the message of an error
     * @throws InvalidInputException when the text is none
     */
    public static Cidr parse(String what, String text) {
        int slash = text.indexOf('/');
        if (slash > 0 && text.substring(slash + 1).matches("[0-9]{1,3}")) {
            InetAddress address = parseAddress(what, text.substring(0, slash));
            int prefix = Integer.parseInt(text.substring(slash + 1));
            if (prefix <= bits(address)) {
                return new Cidr(address, prefix);
            }
        }
        throw new InvalidInputException(what + " \"" + text + "\" is no range of addresses: write one as 10.1.2.0/24");
    }

    /**
     * Reads an address; asks no name server.
     *
     * @param what the address is, for the message of an error
     * @throws InvalidInputException when the text is none
     */
    public static InetAddress parseAddress(String what, String text) {
        if (FOUR.matcher(text).matches() || SIX.matcher(text).matches()) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException malformed) {
                // said below
            }
        }
        throw new InvalidInputException(what + " \"" + text + "\" is no IP address");
    }

    public boolean isIpv6() {
        return isIpv6(address);
    }

    public static boolean isIpv6(InetAddress address) {
        return bits(address) == 128;
    }

    public boolean contains(InetAddress other) {
        return bits(other) == bits(address) && floor(number(other), hostBits()).equals(number(address));
    }

    /** True if the other range lies within this one. */
    public boolean contains(Cidr other) {
        return other.prefix >= prefix && contains(other.address);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** How many addresses the range has. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(hostBits());
    }

    /** The n-th address of the range, from 0. */
    public InetAddress address(BigInteger n) {
        return at(number(address).add(n), address);
    }

    public InetAddress address(long n) {
        return address(BigInteger.valueOf(n));
    }

    /** Which address of the range it is, from 0. */
    public BigInteger indexOf(InetAddress member) {
        return number(member).subtract(number(address));
    }

    /** The last address, which is the broadcast address of a range of version 4. */
    public InetAddress last() {
        return address(size().subtract(BigInteger.ONE));
    }

    /** The n-th range with the same prefix behind this one. */
    public Cidr next(long n) {
        return new Cidr(at(number(address).add(size().multiply(BigInteger.valueOf(n))), address), prefix);
    }

    /** An address with this range's prefix, as {@code 172.17.0.2/16}. */
    public String withPrefix(InetAddress member) {
        return text(member) + "/" + prefix;
    }

    /** An address as text, without a name or zone; of version 6 in its short form. */
    public static String text(InetAddress address) {
        if (!isIpv6(address)) {
            return address.getHostAddress();
        }
        String[] groups = address.getHostAddress().replaceFirst("%.*", "").split(":");
        int start = -1;
        int length = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        if (start < 0) {
            return String.join(":", groups);
        }
        return String.join(":", Arrays.copyOfRange(groups, 0, start)) + "::"
                + String.join(":", Arrays.copyOfRange(groups, start + length, groups.length));
    }

    @Override
    public String toString() {
        return text(address) + "/" + prefix;
    }

    private int hostBits() {
        return bits(address) - prefix;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * 8;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static BigInteger floor(BigInteger number, int bits) {
        return number.shiftRight(bits).shiftLeft(bits);
    }

    private static InetAddress at(BigInteger number, InetAddress like) {
        byte[] bytes = new byte[like.getAddress().length];
        byte[] digits = number.toByteArray();
        for (int i = 1; i <= Math.min(bytes.length, digits.length); i++) {
            bytes[bytes.length - i] = digits[digits.length - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
