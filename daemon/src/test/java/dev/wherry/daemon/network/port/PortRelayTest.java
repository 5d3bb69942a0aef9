package dev.wherry.daemon.network.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class PortRelayTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final int ROUNDS = 200;

    @Test
    void portIsFreeWhenCloseReturns() throws Exception {
        try (ServerSocket target = new ServerSocket(0, ROUNDS, LOOPBACK)) {
            InetSocketAddress to = new InetSocketAddress(LOOPBACK, target.getLocalPort());
            for (int i = 0; i < ROUNDS; i++) {
                InetSocketAddress from = new InetSocketAddress(LOOPBACK, freePort());
                PortRelay relay = new PortRelay(from, to);
                try (Socket client = new Socket(LOOPBACK, from.getPort());
                        Socket server = target.accept()) {
                    // It has accepted one client, and waits for the next.
                    assertThat(server.isConnected()).isTrue();
                    relay.close();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
                new ServerSocket(from.getPort(), 1, LOOPBACK).close();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }
}
