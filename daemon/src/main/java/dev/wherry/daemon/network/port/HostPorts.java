package dev.wherry.daemon.network.port;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses ports of the host. A port is free if no owner has published it and no program of the host listens on it. The
 * caller holds the transaction in which the choice is recorded, so that two choices never meet.
 */
public final class HostPorts {

    private static final Path LOCAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LONGEST_RANGE = 64;
    private static final int DEFAULT_FIRST = 32_768;
    private static final int DEFAULT_LAST = 60_999;

    private final int first;
    private final int last;
    /** Where the next search begins, so that a port is not used again at once. Guarded by the caller's transaction. */
    private int next;

    HostPorts(int first, int last) {
        this(first, last, 0);
    }

    HostPorts(int first, int last, int start) {
        this.first = first;
        this.last = last;
        this.next = first + start % (last - first + 1);
    }

    /**
     * Free ports are chosen where the kernel chooses those of outgoing connections, as docker does.
     *
     * @param start how far from the first of them the search begins; more than there are is fine
     */
    public static HostPorts ofHost(int start) {
        try (InputStream file = Files.newInputStream(LOCAL_RANGE)) {
            // The kernel gives such a file in one read or not at all.
            byte[] bytes = new byte[LONGEST_RANGE];
            String[] bounds = new String(bytes, 0, Math.max(0, file.read(bytes)), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+");
            return new HostPorts(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1]), start);
        } catch (IOException | RuntimeException unknown) {
            return new HostPorts(DEFAULT_FIRST, DEFAULT_LAST, start);
        }
    }

    /**
     * The ports for an owner.
     *
     * @param published ports of other owners, by the names of the owners
     * @return with a port of the host each
     * @throws ConflictException when a port is in use; says by whom
     * @throws ExhaustedException when none is free
     */
    public List<PortMapping> choose(List<PortMapping> wanted, Map<String, List<PortMapping>> published) {
        List<PortMapping> chosen = new ArrayList<>();
        // Ports that are asked for by number come first, so that none of them is chosen for another.
        for (PortMapping mapping : wanted) {
            if (isFixed(mapping)) {
                refuseIfUsed(mapping, chosen, published);
                chosen.add(mapping);
            }
        }
        List<PortMapping> result = new ArrayList<>();
        for (PortMapping mapping : wanted) {
            if (isFixed(mapping)) {
                result.add(mapping);
            } else {
                PortMapping free = free(mapping, chosen, published);
                chosen.add(free);
                result.add(free);
            }
        }
        return result;
    }

    private static boolean isFixed(PortMapping mapping) {
        return mapping.hostPort() > 0 && mapping.lastHostPort() <= mapping.hostPort();
    }

    private static void refuseIfUsed(
            PortMapping mapping, List<PortMapping> chosen, Map<String, List<PortMapping>> published) {
        if (chosen.stream().anyMatch(mapping::conflictsWith)) {
            throw new ConflictException("port " + mapping.hostText() + " is published twice");
        }
        Optional<String> holder = holder(mapping, published);
        if (holder.isPresent()) {
            throw new ConflictException("port " + mapping.hostText() + " is already in use by container \""
                    + holder.get() + "\": choose another port, or stop that container");
        }
        for (int i = 0; i < mapping.range(); i++) {
            int port = mapping.hostPort() + i;
            if (!canBind(mapping, port)) {
                throw new ConflictException("port " + mapping.at(port).hostText() + " is already in use"
                        + ListeningSockets.holder(mapping.protocol(), port)
                                .map(program -> " by " + program)
                                .orElse(" by a program of the host")
                        + ": choose another port, or end that program");
            }
        }
    }

    private static Optional<String> holder(PortMapping mapping, Map<String, List<PortMapping>> published) {
        return published.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(mapping::conflictsWith))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private PortMapping free(PortMapping mapping, List<PortMapping> chosen, Map<String, List<PortMapping>> published) {
        int from = mapping.hostPort() > 0 ? mapping.hostPort() : first;
        int to = mapping.hostPort() > 0 ? mapping.lastHostPort() : last;
        int start = mapping.hostPort() > 0 ? from : next;
        int count = to - from + 1;
        for (int i = 0; i < count; i++) {
            int port = from + (start - from + i) % count;
            if (port + mapping.range() - 1 > to) {
                continue;
            }
            PortMapping candidate = mapping.at(port);
            if (chosen.stream().noneMatch(candidate::conflictsWith)
                    && holder(candidate, published).isEmpty()
                    && canBindAll(candidate)) {
                if (mapping.hostPort() == 0) {
                    next = port + mapping.range() > last ? first : port + mapping.range();
                }
                return candidate;
            }
        }
        throw new ExhaustedException("no port of the host from " + from + " to " + to + " is free for port "
                + mapping.containerPort() + "/" + mapping.protocol());
    }

    private static boolean canBindAll(PortMapping mapping) {
        for (int i = 0; i < mapping.range(); i++) {
            if (!canBind(mapping, mapping.hostPort() + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a program could listen there; of sctp this is not known, and taken to be so. */
    private static boolean canBind(PortMapping mapping, int port) {
        InetSocketAddress address = mapping.hostIp()
                .filter(ip -> !ip.isAnyLocalAddress())
                .map(ip -> new InetSocketAddress(ip, port))
                .orElseGet(() -> new InetSocketAddress((InetAddress) null, port));
        try {
            switch (mapping.protocol()) {
                case "tcp" -> new ServerSocket(port, 1, address.getAddress()).close();
                case "udp" -> new DatagramSocket(address).close();
                default -> {}
            }
            return true;
        } catch (SocketException refused) {
            // Where an address is not the host's, as one that moves between hosts, there is nobody to listen on it.
            return refused instanceof java.net.BindException bind
                    && String.valueOf(bind.getMessage()).contains("Cannot assign");
        } catch (IOException refused) {
            return false;
        }
    }
}
