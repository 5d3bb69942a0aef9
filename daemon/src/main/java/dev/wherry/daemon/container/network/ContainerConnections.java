package dev.wherry.daemon.container.network;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.linux.Processes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Connections to TCP ports of containers, made from within their network namespaces: a port need not be published, its
 * program may listen on the loopback interface only, and the container may have no other interface.
 */
@Singleton
public final class ContainerConnections {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int LAST_PORT = 65535;

    private final Containers containers;
    private final ContainerAccess access;

    ContainerConnections(Containers containers, ContainerAccess access) {
        this.containers = containers;
        this.access = access;
    }

    /**
     * Connects to a port. Closing the connection resets it, unless the caller sets {@code SO_LINGER} to another value first.
     *
     * @param name name or ID of the container, or a unique prefix of the ID
     * @throws ConflictException if the container does not run, or nothing listens on the port
     * @throws dev.wherry.daemon.error.ForbiddenException if the caller may not enter the container
     */
    public SocketChannel open(String name, int port) {
        check(port);
        Container container = containers.get(name);
        access.checkEntry(container);
        if (!container.state().isAlive()) {
            throw notRunning(container);
        }
        return open(
                Path.of("/proc", Integer.toString(container.pid()), "ns", "net"),
                "container " + container.name(),
                port,
                () -> requireRunning(container));
    }

    /**
     * Connects to a port of a network namespace, as above.
     *
     * @param namespace a mount of the namespace, or its file of a process below {@code /proc}
     * @param owner whose namespace it is, as in "pod web", for messages
     * @throws ConflictException if nothing listens on the port
     */
    public static SocketChannel open(Path namespace, String owner, int port) {
        check(port);
        return open(namespace, owner, port, () -> {});
    }

    private static void check(int port) {
        if (port < 1 || port > LAST_PORT) {
            throw new InvalidInputException(
                    "port " + Integer.toUnsignedString(port) + " is not between 1 and " + LAST_PORT);
        }
    }

    /** @param exists throws if the namespace is nobody's any more, and perhaps by now another one */
    private static SocketChannel open(Path namespace, String owner, int port, Runnable exists) {
        try {
            return connect(namespace, StandardProtocolFamily.INET, "127.0.0.1", port, exists);
        } catch (ConnectException refused) {
            return openIpv6(namespace, owner, port, exists);
        } catch (IOException failure) {
            throw new HostException("cannot connect to port " + port + " of " + owner, failure);
        }
    }

    private static SocketChannel openIpv6(Path namespace, String owner, int port, Runnable exists) {
        try {
            return connect(namespace, StandardProtocolFamily.INET6, "::1", port, exists);
        } catch (IOException | UnsupportedOperationException refused) {
            // Also if the host or the namespace has no IPv6.
            throw new ConflictException("nothing listens on port " + port + " of " + owner, refused);
        }
    }

    private static SocketChannel connect(
            Path namespace, ProtocolFamily family, String address, int port, Runnable exists) throws IOException {
        SocketChannel socket;
        try {
            socket = NetworkNamespace.socket(namespace, family);
        } catch (IOException failure) {
            exists.run();
            throw failure;
        }
        try {
            exists.run();
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.socket().connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The process may have ended, and another one got its number, before its namespace was entered. */
    private static void requireRunning(Container container) {
        OptionalLong start = Processes.startTime(container.pid());
        if (start.isEmpty() || start.getAsLong() != container.status().pidStart()) {
            throw notRunning(container);
        }
    }

    private static ConflictException notRunning(Container container) {
        return new ConflictException("Container " + container.name() + " is not running");
    }
}
