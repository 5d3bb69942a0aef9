package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Values of {@code --expose}: a port or a range of them, with a protocol. */
public final class ExposeSpec {
    private ExposeSpec() {}

    /**
     * Each port as {@code 80/tcp}.
     *
     * @throws Failure when a value is no port
     */
    public static Set<String> parse(List<String> given) {
        Set<String> ports = new LinkedHashSet<>();
        given.forEach(value -> add(value, ports));
        return ports;
    }

    private static void add(String given, Set<String> ports) {
        if (given.contains(":")) {
            throw new Failure("invalid port format for --expose: " + given, ExitStatus.NOT_STARTED);
        }
        String[] parts = given.split("/", 2);
        String protocol = parts.length == 1 ? "tcp" : parts[1].toLowerCase(Locale.ROOT);
        String[] range = parts[0].split("-", 2);
        int first = port(given, range[0]);
        int last = range.length == 1 ? first : port(given, range[1]);
        if (first > last || !protocol.matches("tcp|udp|sctp")) {
            throw invalid(given, first > last ? "the range ends before it begins" : "invalid proto: " + protocol);
        }
        IntStream.rangeClosed(first, last)
                .mapToObj(port -> port + "/" + protocol)
                .forEach(ports::add);
    }

    private static int port(String given, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535 || Integer.parseInt(text) == 0) {
            throw invalid(given, "\"" + text + "\" is not a port");
        }
        return Integer.parseInt(text);
    }

    private static Failure invalid(String given, String reason) {
        return new Failure(
                "invalid range format for --expose: " + given + ", error: " + reason, ExitStatus.NOT_STARTED);
    }
}
