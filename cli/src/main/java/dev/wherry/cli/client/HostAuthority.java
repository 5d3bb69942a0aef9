package dev.wherry.cli.client;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What follows the scheme in an address: {@code [USER@]HOST[:PORT][/PATH]}, where an IPv6 address stands in brackets. A
 * {@code java.net.URI} refuses names with an underscore, which are common in the configuration of {@code ssh}.
 */
record HostAuthority(Optional<String> user, String host, OptionalInt port, Optional<String> path) {
    private static final Pattern FORM = Pattern.compile(
            "(?:([^@/\\s]+)@)?(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^@:/?#\\[\\]\\s]+))(?::([0-9]{1,5}))?(/[^?#\\s]*)?");

    /** The parts; empty if the text does not have this form. */
    static Optional<HostAuthority> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        OptionalInt port =
                parts.group(4) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts.group(4)));
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            return Optional.empty();
        }
        return Optional.of(new HostAuthority(
                Optional.ofNullable(parts.group(1)),
                parts.group(2) != null ? parts.group(2) : parts.group(3),
                port,
                Optional.ofNullable(parts.group(5)).filter(path -> !path.equals("/"))));
    }
}
