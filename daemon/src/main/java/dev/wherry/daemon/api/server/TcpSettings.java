package dev.wherry.daemon.api.server;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where the daemon listens besides its unix socket.
 *
 * @param addresses not resolved
 * @param insecureLoopback whether addresses on loopback are served without TLS
 */
public record TcpSettings(List<InetSocketAddress> addresses, boolean insecureLoopback, TlsFiles files) {

    public TcpSettings {
        addresses = List.copyOf(addresses);
    }
}
