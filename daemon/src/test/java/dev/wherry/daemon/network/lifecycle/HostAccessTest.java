package dev.wherry.daemon.network.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published ports as a program of the host reaches them. */
class HostAccessTest {

    private static final NamespaceOwner ONE = NamespaceOwner.container("1".repeat(64), "one");
    private static final NamespaceOwner TWO = NamespaceOwner.container("2".repeat(64), "two");
    /** Takes the address that is free after that of the first. */
    private static final NamespaceOwner BETWEEN = NamespaceOwner.container("3".repeat(64), "between");

    private static final int TIMEOUT = 5000;

    @TempDir
    private Path folder;

    private NetworkHost host;

    @BeforeEach
    void begin() {
        host = new NetworkHost(folder);
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    private int publish(NamespaceOwner owner, PortMapping port) {
        NetworkSetup setup = host.endpoints.setUp(
                owner,
                List.of(EndpointRequest.of(host.networks.get(Network.BRIDGE).id())),
                List.of(port));
        setup.await();
        return setup.ports().getFirst().hostPort();
    }

    @Test
    void loopbackOfVersion6ReachesAPortAlsoAfterACrash() throws Exception {
        int port = publish(ONE, PortMapping.of(0, 80, "tcp"));
        host.serve(ONE, "hello");

        assertThat(host.get("::1", port)).isEqualTo("hello");
        host = host.restarted();
        assertThatThrownBy(() -> host.get("::1", port)).isInstanceOf(ConnectException.class);
        host.lifecycle.recover(Set.of(ONE.id()));
        assertThat(host.get("::1", port)).isEqualTo("hello");

        host.endpoints.tearDown(ONE.id());
        assertThatThrownBy(() -> host.get("::1", port)).isInstanceOf(ConnectException.class);
        assertThat(publish(TWO, PortMapping.of(port, 80, "tcp")))
                .as("the port is free at once")
                .isEqualTo(port);
    }

    @Test
    void portOfOneAddressIsNotAtAnother() throws Exception {
        int port = publish(ONE, new PortMapping(Optional.of(InetAddress.ofLiteral("127.0.0.1")), 0, 0, 80, "tcp", 1));

        assertThatThrownBy(() -> host.get("::1", port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void portWithoutAListenerResetsTheConnection() throws Exception {
        int port = publish(ONE, PortMapping.of(0, 80, "tcp"));

        try (Socket socket = new Socket("::1", port)) {
            socket.setSoTimeout(TIMEOUT);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void clientOfUdpReachesTheContainerThatThePortLeadsToNow() throws Exception {
        int port = freePort();
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(InetAddress.ofLiteral("127.0.0.1"), port);
            client.setSoTimeout(TIMEOUT);
            assertThatThrownBy(() -> ask(client)).isInstanceOf(PortUnreachableException.class);

            publish(ONE, PortMapping.of(port, 53, "udp"));
            host.serveUdp(ONE, "one");
            assertThat(ask(client)).isEqualTo("one");

            publish(BETWEEN, PortMapping.of(0, 53, "udp"));
            host.endpoints.tearDown(ONE.id());
            assertThatThrownBy(() -> ask(client)).isInstanceOf(PortUnreachableException.class);
            publish(TWO, PortMapping.of(port, 53, "udp"));
            host.serveUdp(TWO, "two");
            assertThat(ask(client)).isEqualTo("two");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String ask(DatagramSocket client) throws IOException {
        client.send(new DatagramPacket(new byte[] {'?'}, 1));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        client.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }
}
