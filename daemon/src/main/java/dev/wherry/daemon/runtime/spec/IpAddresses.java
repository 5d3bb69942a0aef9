package dev.wherry.daemon.runtime.spec;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** IP addresses as text. */
public final class IpAddresses {

    private static final Pattern FOUR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[0-9A-Za-z._-]+)?");

    private IpAddresses() {}

    /** Whether a text is an address of version 4 or 6; asks no name server. */
    public static boolean isAddress(String text) {
        if (!FOUR.matcher(text).matches() && !SIX.matcher(text).matches()) {
            return false;
        }
        try {
            int zone = text.indexOf('%');
            InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone));
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
