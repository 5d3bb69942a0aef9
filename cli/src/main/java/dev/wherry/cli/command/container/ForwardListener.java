package dev.wherry.cli.command.container;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Sockets that accept the connections of one forwarded port. */
final class ForwardListener {
    /** Like kubectl: both addresses, of which one may be missing. */
    private static final String LOCALHOST = "localhost";

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");
    private static final int BACKLOG = 128;

    private ForwardListener() {}

    /**
     * Listens on each address. If any free port will do, all addresses get the same one where that is possible.
     *
     * @throws Failure if an address cannot be listened on
     */
    static List<ServerSocket> open(List<String> addresses, int port) {
        List<ServerSocket> open = new ArrayList<>();
        for (String address : addresses) {
            int wanted = port == 0 && !open.isEmpty() ? open.getFirst().getLocalPort() : port;
            open.addAll(address.equals(LOCALHOST) ? loopback(wanted) : List.of(listen(address, wanted)));
        }
        return open;
    }

    private static List<ServerSocket> loopback(int port) {
        List<ServerSocket> open = new ArrayList<>();
        Failure refused = null;
        for (String address : LOOPBACK) {
            try {
                open.add(listen(
                        address, port == 0 && !open.isEmpty() ? open.getFirst().getLocalPort() : port));
            } catch (Failure failure) {
                refused = refused == null ? failure : refused;
            }
        }
        if (open.isEmpty()) {
            throw refused;
        }
        return open;
    }

    private static ServerSocket listen(String host, int port) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Failure.of("port-forward: --address " + host + " is not an address of this host", e);
        }
        try {
            return new ServerSocket(port, BACKLOG, address);
        } catch (IOException e) {
            throw Failure.of(
                    "port-forward: cannot listen on " + shown(address) + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** As it stands before a colon and a port. */
    static String shown(InetAddress address) {
        String text = address.getHostAddress();
        return text.indexOf(':') >= 0 ? "[" + text.replaceFirst("^0(:0){6}:1$", "::1") + "]" : text;
    }
}
