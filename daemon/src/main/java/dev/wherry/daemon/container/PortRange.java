package dev.wherry.daemon.container;

import dev.wherry.daemon.filter.Filters;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports that a filter names: {@code 80}, {@code 80/udp} or {@code 8000-8010/tcp}.
 *
 * @param protocol "tcp", "udp" or "sctp"
 */
record PortRange(int first, int last, String protocol) {

    private static final int HIGHEST = 65_535;
    private static final Pattern FORM = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?");

    /** @param key of the filter, for messages */
    static PortRange parse(String key, String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (form.matches()) {
            int first = Integer.parseInt(form.group(1));
            int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
            if (first > 0 && first <= last && last <= HIGHEST) {
                return new PortRange(first, last, form.group(3) == null ? "tcp" : form.group(3));
            }
        }
        throw Filters.invalid(key, text, "use a port or a range of ports, such as 80, 53/udp or 8000-8010");
    }

    /** @param port such as "80/tcp" */
    boolean contains(String port) {
        String[] parts = port.split("/", 2);
        return parts.length == 2
                && parts[1].equals(protocol)
                && parts[0].matches("[0-9]{1,5}")
                && Integer.parseInt(parts[0]) >= first
                && Integer.parseInt(parts[0]) <= last;
    }
}
