package dev.wherry.cli.command.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedPortTest {

    @ParameterizedTest
    @CsvSource({"80, 80, 80", "8080:80, 8080, 80", ":80, 0, 80", "0:80, 0, 80", "65535:65535, 65535, 65535"})
    void localPortComesFirst(String text, int local, int remote) {
        assertThat(ForwardedPort.parse(text)).isEqualTo(new ForwardedPort(local, remote));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "0", "80:", "65536", "65536:80", "1:2:3", "-1", "http", "80/tcp", "123456"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> ForwardedPort.parse(text))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is not a port: give [LOCAL:]REMOTE, such as 8080:80");
    }

    @Test
    void addressesShareAFreePort() throws Exception {
        List<ServerSocket> open = ForwardListener.open(List.of("127.0.0.1", "127.0.0.2"), 0);

        assertThat(open)
                .extracting(ServerSocket::getLocalPort)
                .doesNotContain(0)
                .hasSize(2);
        assertThat(open.get(0).getLocalPort()).isEqualTo(open.get(1).getLocalPort());
        for (ServerSocket socket : open) {
            socket.close();
        }
    }

    @Test
    void portInUseIsRefused() throws Exception {
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> ForwardListener.open(List.of("127.0.0.1"), used.getLocalPort()))
                    .isInstanceOf(Failure.class)
                    .hasMessageStartingWith("port-forward: cannot listen on 127.0.0.1:" + used.getLocalPort() + ": ");
        }
    }
}
