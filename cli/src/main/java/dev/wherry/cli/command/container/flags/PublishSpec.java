package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.ExtraHost;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PortBinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Values of {@code --publish}: {@code [[IP:]HOST_PORT:]CONTAINER_PORT[/PROTOCOL]}, where a port may be a range and an
 * IPv6 address is given in brackets, or {@code published=PORT,target=PORT,protocol=PROTOCOL}.
 */
final class PublishSpec {
    private static final int HIGHEST = 65_535;

    private PublishSpec() {}

    /**
     * One binding a port of the container.
     *
     * @throws Failure when the value is malformed
     */
    static List<PortBinding> parse(String given) {
        String text = given.contains("=") ? standardNotation(given) : given;
        int slash = text.lastIndexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (!protocol.matches("tcp|udp|sctp")) {
            throw wrong("invalid proto: " + protocol);
        }
        String ports = slash < 0 ? text : text.substring(0, slash);
        int last = ports.lastIndexOf(':');
        int middle = last < 0 ? -1 : ports.lastIndexOf(':', last - 1);
        String ip = address(middle < 0 ? "" : ports.substring(0, middle));
        String host = last < 0 ? "" : ports.substring(middle + 1, last);
        String container = ports.substring(last + 1);
        if (container.isEmpty()) {
            throw wrong("no port specified: " + given + "<empty>");
        }
        return bindings(protocol, ip, range("hostPort", host), host, range("containerPort", container), container);
    }

    private static List<PortBinding> bindings(
            String protocol, String ip, Range host, String hostText, Range container, String containerText) {
        boolean pairs = host.size() == container.size();
        boolean anyOfRange = container.size() == 1;
        if (!host.isAny() && !pairs && !anyOfRange) {
            throw wrong("invalid ranges specified for container and host Ports: " + containerText + " and " + hostText);
        }
        List<PortBinding> bindings = new ArrayList<>();
        for (int i = 0; i < container.size(); i++) {
            PortBinding.Builder binding = PortBinding.newBuilder()
                    .setContainerPort(container.first() + i)
                    .setProtocol(protocol)
                    .setHostIp(ip);
            if (!host.isAny()) {
                binding.setHostPort(host.first() + i);
                if (!pairs) {
                    binding.setHostPortEnd(host.last());
                }
            }
            bindings.add(binding.build());
        }
        return bindings;
    }

    /** As docker does, the fields of the long form are put into the short one. */
    private static String standardNotation(String given) {
        Map<String, String> fields = new HashMap<>(Map.of("protocol", "tcp", "published", "", "target", ""));
        for (String field : given.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw wrong("invalid publish opts format (should be name=value but got '" + field + "')");
            }
            fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
        return fields.get("published") + ":" + fields.get("target") + "/" + fields.get("protocol");
    }

    private static String address(String given) {
        boolean bracketed = given.startsWith("[") && given.endsWith("]");
        String address = bracketed ? given.substring(1, given.length() - 1) : given;
        if (!address.isEmpty() && !ExtraHost.isAddress(address)) {
            throw wrong("invalid IP address: " + address);
        }
        return address;
    }

    /** Ports; an empty text, or 0, is any free one. */
    private static Range range(String what, String text) {
        if (text.isEmpty()) {
            return Range.ANY;
        }
        String[] ends = text.split("-", 2);
        int first = port(what, text, ends[0]);
        int last = ends.length == 1 ? first : port(what, text, ends[1]);
        if (first > last || what.equals("containerPort") && first == 0) {
            throw wrong("invalid " + what + ": " + text);
        }
        return new Range(first, last);
    }

    private static int port(String what, String range, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > HIGHEST) {
            throw wrong("invalid " + what + ": " + range);
        }
        return Integer.parseInt(text);
    }

    private static Failure wrong(String message) {
        return new Failure(message, ExitStatus.NOT_STARTED);
    }

    private record Range(int first, int last) {
        static final Range ANY = new Range(0, 0);

        boolean isAny() {
            return last == 0;
        }

        int size() {
            return last - first + 1;
        }
    }
}
