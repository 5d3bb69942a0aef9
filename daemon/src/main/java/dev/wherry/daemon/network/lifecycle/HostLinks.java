package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Bridges;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.netavark.LinkCall;
import dev.wherry.daemon.network.netavark.LinkCall.Link;
import dev.wherry.daemon.network.netavark.Netavark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Links on the host. Any number of links are made at once where their bridges are there; who makes or removes a bridge
 * is alone, so that no bridge goes while somebody connects to it.
 */
final class HostLinks {

    private final Netavark netavark;
    private final ReadWriteLock bridges = new ReentrantReadWriteLock();

    HostLinks(Netavark netavark) {
        this.netavark = netavark;
    }

    void endStrays() {
        netavark.endStrays();
    }

    /** Connects a namespace; returns true if a bridge was made for it. */
    boolean connect(Path namespace, List<Link> links) {
        Lock lock = bridges.readLock();
        lock.lock();
        try {
            if (links.stream().allMatch(link -> isThere(link.network()))) {
                make(namespace, links);
                return false;
            }
        } finally {
            lock.unlock();
        }
        alone(() -> {
            List<Network> missing = links.stream()
                    .map(Link::network)
                    .filter(network -> !isThere(network))
                    .toList();
            make(namespace, links);
            missing.forEach(HostLinks::prepare);
        });
        return true;
    }

    private void make(Path namespace, List<Link> links) {
        netavark.setUp(namespace, new LinkCall(links));
        links.stream()
                .map(Link::network)
                .filter(network -> network.driver() == NetworkDriver.BRIDGE && !network.connectsEndpoints())
                .forEach(network -> setPorts(network, "isolated"));
    }

    void disconnect(Path namespace, Network network, Endpoint endpoint) {
        alone(() -> netavark.tearDown(namespace, new LinkCall(List.of(new Link(network, endpoint)))));
    }

    /** Removes the bridge of a network that has no endpoints. */
    void removeBridge(Network network) {
        if (network.driver() == NetworkDriver.BRIDGE) {
            alone(() -> {
                try {
                    Bridges.remove(network.interfaceName());
                } catch (IOException failure) {
                    throw new HostException(
                            "cannot remove the bridge of network " + network.name() + ": " + failure.getMessage(),
                            failure);
                }
            });
        }
    }

    private void alone(Runnable work) {
        bridges.writeLock().lock();
        try {
            work.run();
        } finally {
            bridges.writeLock().unlock();
        }
    }

    static boolean isThere(Network network) {
        return network.driver() != NetworkDriver.BRIDGE || Bridges.exists(network.interfaceName());
    }

    /**
     * True if the link of a network is finished, its addresses included. A bridge is there before it has an address, and a
     * network has endpoints before it has a bridge.
     */
    static boolean isPrepared(Network network) {
        return network.driver() != NetworkDriver.BRIDGE || "1".equals(read(loopbackRouting(network)));
    }

    /**
     * Lets a namespace reach itself by a port of the host. Where the firewall sees what crosses a bridge, the bridge must
     * send such a packet back to where it came from.
     */
    void reflect(Network network) {
        setPorts(network, "hairpin_mode");
    }

    private static void setPorts(Network network, String setting) {
        Path ports = Path.of("/sys/class/net", network.interfaceName(), "brif");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(ports)) {
            for (Path port : all) {
                try {
                    write(port.resolve(setting), "1");
                } catch (IOException gone) {
                    // Another namespace has just ended, and with it its port.
                }
            }
        } catch (IOException failure) {
            throw new HostException("cannot prepare the bridge of network " + network.name() + ": " + failure, failure);
        }
    }

    private static void write(Path file, String value) throws IOException {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Lets the host's loopback addresses lead into namespaces, where a port is published; netavark does so no other way.
     * Netavark 1.4 leaves the bridge the address of the port that it has now.
     */
    private static void prepare(Network network) {
        try {
            Bridges.keepAddress(network.interfaceName());
            // Last: it says that all before is done.
            write(loopbackRouting(network), "1");
        } catch (IOException failure) {
            throw new HostException("cannot prepare the bridge of network " + network.name() + ": " + failure, failure);
        }
    }

    private static Path loopbackRouting(Network network) {
        return Path.of("/proc/sys/net/ipv4/conf", network.interfaceName(), "route_localnet");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
