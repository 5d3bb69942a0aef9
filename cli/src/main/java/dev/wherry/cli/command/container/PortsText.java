package dev.wherry.cli.command.container;

import dev.wherry.v1.ContainerPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ports as docker's {@code ps} writes them: in a row as a range, first those with the same number on the host. */
final class PortsText {
    private static final Comparator<ContainerPort> ORDER = Comparator.comparingInt(ContainerPort::getContainerPort)
            .thenComparing(ContainerPort::getHostIp)
            .thenComparingInt(ContainerPort::getHostPort)
            .thenComparing(ContainerPort::getProtocol);

    private PortsText() {}

    static String of(List<ContainerPort> ports) {
        List<String> words = new ArrayList<>();
        List<String> mapped = new ArrayList<>();
        Map<Address, Range> open = new LinkedHashMap<>();
        for (ContainerPort port : ports.stream().sorted(ORDER).toList()) {
            int number = port.getContainerPort();
            if (!port.getHostIp().isEmpty() && port.getHostPort() != number) {
                mapped.add(joined(port.getHostIp(), Integer.toString(port.getHostPort())) + "->" + number + "/"
                        + port.getProtocol());
                continue;
            }
            Address address = new Address(port.getHostIp(), port.getProtocol());
            Range range = open.get(address);
            if (range == null) {
                open.put(address, new Range(number, number));
            } else if (number == range.last() + 1) {
                open.put(address, new Range(range.first(), number));
            } else {
                words.add(address.text(range));
                open.put(address, new Range(number, number));
            }
        }
        open.forEach((address, range) -> words.add(address.text(range)));
        words.addAll(mapped);
        return String.join(", ", words);
    }

    /** An address and a port; an IPv6 address is put into brackets. */
    static String joined(String ip, String port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
    }

    private record Range(int first, int last) {
        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    private record Address(String ip, String protocol) {
        String text(Range range) {
            String host = ip.isEmpty() ? "" : joined(ip, range.toString()) + "->";
            return host + range + "/" + protocol;
        }
    }
}
