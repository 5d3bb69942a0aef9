package dev.wherry.daemon.network.port;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Published TCP ports at addresses of the host from which the firewall cannot lead into a namespace: the kernel lets
 * nothing from {@code ::1} leave the host, and translates no version of IP into the other. There the daemon listens
 * itself and passes connections on. Such connections end with the daemon; the next one listens again.
 */
public final class PortRelays implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PortRelays.class);

    private static final String TCP = "tcp";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    /** No monitor: a relay that is closed waits for its thread, which must have a carrier meanwhile. */
    private final ReentrantLock lock = new ReentrantLock();
    /** By where they listen. Guarded by the lock, as the set below. */
    private final Map<InetSocketAddress, Open> open = new HashMap<>();
    /** Owners whose ports are going to be free, while rows still say that they have them. */
    private final Set<String> leaving = new HashSet<>();

    private record Open(Wanted wanted, PortRelay relay) {}

    /**
     * A relay that shall be there.
     *
     * @param owner whose port it is
     */
    public record Wanted(String owner, InetSocketAddress from, InetSocketAddress to) {}

    /**
     * The relays that a published port needs.
     *
     * @param host where it is published; empty for all addresses
     */
    public static List<Wanted> needed(Endpoint endpoint, PortMapping port, Optional<InetAddress> host) {
        if (!port.protocol().equals(TCP)) {
            return List.of();
        }
        List<Wanted> wanted = new ArrayList<>();
        for (InetAddress from : addresses(endpoint, host)) {
            InetAddress to = endpoint.addresses().getFirst();
            for (int i = 0; i < port.range(); i++) {
                wanted.add(new Wanted(
                        endpoint.owner().id(),
                        new InetSocketAddress(from, port.hostPort() + i),
                        new InetSocketAddress(to, port.containerPort() + i)));
            }
        }
        return wanted;
    }

    private static List<InetAddress> addresses(Endpoint endpoint, Optional<InetAddress> host) {
        List<InetAddress> all = new ArrayList<>();
        if (endpoint.addresses().isEmpty()) {
            return all;
        }
        if (host.isPresent() && !host.get().isAnyLocalAddress()) {
            InetAddress address = host.get();
            boolean reached = Cidr.isIpv6(address)
                    ? endpoint.ipv6().isPresent() && !address.isLoopbackAddress()
                    : endpoint.ipv4().isPresent();
            return reached ? all : List.of(address);
        }
        if (host.filter(any -> !Cidr.isIpv6(any)).isEmpty()) {
            all.add(InetAddress.ofLiteral(LOOPBACK_6));
        }
        if (host.filter(Cidr::isIpv6).isEmpty() && endpoint.ipv4().isEmpty()) {
            all.add(InetAddress.ofLiteral(LOOPBACK));
        }
        return all;
    }

    /** Makes these relays be there and no others. */
    public void apply(Collection<Wanted> all) {
        lock.lock();
        try {
            leaving.retainAll(all.stream().map(Wanted::owner).collect(Collectors.toSet()));
            Map<InetSocketAddress, Wanted> wanted = new HashMap<>();
            all.stream()
                    .filter(relay -> !leaving.contains(relay.owner()))
                    .forEach(relay -> wanted.put(relay.from(), relay));
            List.copyOf(open.values()).stream()
                    .filter(relay ->
                            !relay.wanted().equals(wanted.get(relay.wanted().from())))
                    .forEach(this::close);
            wanted.values().stream()
                    .filter(relay -> !open.containsKey(relay.from()))
                    .forEach(this::open);
        } finally {
            lock.unlock();
        }
    }

    /** The ports of an owner are going to be free: it has no relays from now on, whatever its rows say. */
    public void leave(String owner) {
        lock.lock();
        try {
            leaving.add(owner);
            List.copyOf(open.values()).stream()
                    .filter(relay -> relay.wanted().owner().equals(owner))
                    .forEach(this::close);
        } finally {
            lock.unlock();
        }
    }

    private void open(Wanted wanted) {
        try {
            open.put(wanted.from(), new Open(wanted, new PortRelay(wanted.from(), wanted.to())));
        } catch (IOException failure) {
            // A host may have no IPv6 at all.
            LOG.debugf("port %s leads nowhere: %s", wanted.from(), failure.getMessage());
        }
    }

    private void close(Open relay) {
        open.remove(relay.wanted().from());
        relay.relay().close();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            List.copyOf(open.values()).forEach(this::close);
        } finally {
            lock.unlock();
        }
    }
}
