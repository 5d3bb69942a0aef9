package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Ports of the host that lead into a namespace.
 *
 * @param hostIp address of the host; empty for all
 * @param hostPort the first one; 0 for any that is free
 * @param lastHostPort with a range of one port: any free port from {@code hostPort} to this one; 0 for exactly
 *     {@code hostPort}
 * @param containerPort the first one
 * @param protocol "tcp", "udp" or "sctp"
 * @param range how many ports in a row, at least 1
 */
public record PortMapping(
        Optional<InetAddress> hostIp, int hostPort, int lastHostPort, int containerPort, String protocol, int range) {

    private static final int HIGHEST = 65_535;

    public PortMapping {
        if (range < 1 || containerPort < 1 || containerPort + range - 1 > HIGHEST || hostPort + range - 1 > HIGHEST) {
            throw new IllegalArgumentException("not ports: " + hostPort + ":" + containerPort + " x " + range);
        }
    }

    /** A port of all addresses of the host; 0 for any that is free. */
    public static PortMapping of(int hostPort, int containerPort, String protocol) {
        return new PortMapping(Optional.empty(), hostPort, 0, containerPort, protocol, 1);
    }

    /** With the ports of the host that were chosen. */
    public PortMapping at(int port) {
        return new PortMapping(hostIp, port, 0, containerPort, protocol, range);
    }

    /** True if both want one port of the host. */
    public boolean conflictsWith(PortMapping other) {
        return protocol.equals(other.protocol)
                && hostPort < other.hostPort + other.range
                && other.hostPort < hostPort + range
                && (hostIp.isEmpty() || other.hostIp.isEmpty() || sharesAddress(hostIp.get(), other.hostIp.get()));
    }

    private static boolean sharesAddress(InetAddress one, InetAddress other) {
        return one.equals(other)
                || Cidr.isIpv6(one) == Cidr.isIpv6(other) && (one.isAnyLocalAddress() || other.isAnyLocalAddress());
    }

    /** The first port of the host as users write it: {@code 8080/tcp} or {@code 127.0.0.1:8080/tcp}. */
    public String hostText() {
        String ports = range == 1 ? "" + hostPort : hostPort + "-" + (hostPort + range - 1);
        return hostIp.map(ip -> (Cidr.isIpv6(ip) ? "[" + Cidr.text(ip) + "]" : Cidr.text(ip)) + ":")
                        .orElse("") + ports + "/" + protocol;
    }
}
