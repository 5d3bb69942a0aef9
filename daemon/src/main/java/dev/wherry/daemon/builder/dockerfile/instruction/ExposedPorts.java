package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an expanded word of EXPOSE means: {@code 80}, {@code 53/udp} or {@code 8000-8010/tcp}. */
public final class ExposedPorts {

    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final int MAX_PORT = 65535;

    private ExposedPorts() {}

    /**
     * The ports a word names, in the form of the image config ({@code 80/tcp}), in ascending order.
     *
     * @throws DockerfileException at {@code position} when it is no port
     */
    public static List<String> parse(String word, Position position) {
        // Docker takes what publishes a port as well, and sees the container's side of it.
        String container = word.substring(word.lastIndexOf(':') + 1);
        int slash = container.indexOf('/');
        String named = slash < 0 ? "" : container.substring(slash + 1).toLowerCase(Locale.ROOT);
        String protocol = named.isEmpty() ? "tcp" : named;
        if (!PROTOCOLS.contains(protocol)) {
            throw invalid(word, position, "the protocol is tcp, udp or sctp");
        }
        String range = slash < 0 ? container : container.substring(0, slash);
        int dash = range.indexOf('-');
        int first = port(dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : port(range.substring(dash + 1));
        if (first < 0 || last < first) {
            throw invalid(word, position, "it takes a port or a range from 0 to 65535");
        }
        var ports = new ArrayList<String>(last - first + 1);
        for (int port = first; port <= last; port++) {
            ports.add(port + "/" + protocol);
        }
        return ports;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= MAX_PORT ? port : -1;
    }

    private static DockerfileException invalid(String word, Position position, String why) {
        return new DockerfileException(
                position, word, "invalid port " + DockerfileException.quote(word) + " in EXPOSE: " + why);
    }
}
