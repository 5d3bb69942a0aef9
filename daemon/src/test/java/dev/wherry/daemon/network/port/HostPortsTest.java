package dev.wherry.daemon.network.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostPortsTest {

    private static final int FIRST = 20_100;

    private final HostPorts ports = new HostPorts(FIRST, FIRST + 3);

    private static PortMapping local(int port, int last) {
        return new PortMapping(Optional.of(InetAddress.getLoopbackAddress()), port, last, 80, "tcp", 1);
    }

    private int choose(PortMapping mapping, PortMapping... published) {
        return ports.choose(List.of(mapping), Map.of("web", List.of(published)))
                .getFirst()
                .hostPort();
    }

    @Test
    void freePortIsNotUsedAgainWhileOthersAreFree() {
        assertThat(choose(local(0, 0))).isEqualTo(FIRST);
        assertThat(choose(local(0, 0))).isEqualTo(FIRST + 1);
        assertThat(choose(local(0, 0), local(FIRST + 2, 0))).isEqualTo(FIRST + 3);
        assertThat(choose(local(0, 0))).isEqualTo(FIRST);
        assertThatThrownBy(() -> choose(
                        local(0, 0), local(FIRST, 0), local(FIRST + 1, 0), local(FIRST + 2, 0), local(FIRST + 3, 0)))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("no port of the host from 20100 to 20103 is free for port 80/tcp");
    }

    @Test
    void daemonsBeginTheSearchAtDifferentPorts() {
        HostPorts others = new HostPorts(FIRST, FIRST + 3, 6);

        assertThat(others.choose(List.of(local(0, 0)), Map.of()).getFirst().hostPort())
                .isEqualTo(FIRST + 2);
    }

    @Test
    void portOfARangeIsTheFirstThatIsFree() {
        assertThat(choose(local(20_200, 20_210), local(20_200, 0))).isEqualTo(20_201);
    }

    @Test
    void portOfAnotherContainerIsRefused() {
        assertThatThrownBy(() -> choose(local(20_300, 0), PortMapping.of(20_300, 81, "tcp")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("port 127.0.0.1:20300/tcp is already in use by container \"web\"");
        assertThat(choose(local(20_300, 0), PortMapping.of(20_300, 81, "udp"))).isEqualTo(20_300);
    }

    @Test
    void portOfAProgramIsRefusedByItsName() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0);
                DatagramSocket udp = new DatagramSocket(0)) {
            String self = "(process " + ProcessHandle.current().pid() + ")";
            assertThatThrownBy(() -> choose(PortMapping.of(tcp.getLocalPort(), 80, "tcp")))
                    .hasMessageContaining(self);
            assertThatThrownBy(() -> choose(PortMapping.of(udp.getLocalPort(), 80, "udp")))
                    .hasMessageContaining(self);
        }
    }

    @Test
    void portIsPublishedOnce() {
        assertThatThrownBy(() -> ports.choose(List.of(local(20_400, 0), local(20_400, 0)), Map.of()))
                .hasMessage("port 127.0.0.1:20400/tcp is published twice");
    }

    @Test
    void addressThatTheHostDoesNotHaveMayComeLater() {
        assertThat(choose(new PortMapping(Optional.of(InetAddress.ofLiteral("198.51.100.1")), 20_500, 0, 80, "tcp", 1)))
                .isEqualTo(20_500);
    }
}
