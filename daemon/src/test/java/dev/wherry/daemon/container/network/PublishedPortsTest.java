package dev.wherry.daemon.container.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.network.PortMapping;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishedPortsTest {

    private static List<PortMapping> mappings(boolean all, List<String> exposed, PortBinding... ports) {
        Networking networking = new Networking(List.of(), List.of(ports), all, List.of());
        return PublishedPorts.mappings(new ContainerSettings(
                ContainerConfig.EMPTY.with(networking),
                List.of(),
                List.of("true"),
                List.of(),
                "",
                "",
                "",
                "SIGTERM",
                exposed,
                Map.of(),
                List.of(),
                List.of()));
    }

    @Test
    void portsInARowAreOneMapping() {
        List<PortBinding> row = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            row.add(new PortBinding(8000 + i, "tcp", "", 9000 + i, 0));
        }
        row.add(new PortBinding(8100, "udp", "", 9100, 0));

        assertThat(mappings(false, List.of(), row.toArray(PortBinding[]::new)))
                .containsExactly(
                        new PortMapping(Optional.empty(), 9000, 0, 8000, "tcp", 100),
                        PortMapping.of(9100, 8100, "udp"));
    }

    @Test
    void onePortOfARangeIsChosen() {
        assertThat(mappings(false, List.of(), new PortBinding(80, "tcp", "127.0.0.1", 8000, 8010)))
                .containsExactly(
                        new PortMapping(Optional.of(InetAddress.ofLiteral("127.0.0.1")), 8000, 8010, 80, "tcp", 1));
    }

    @Test
    void exposedPortsThatAreNotNamedArePublishedWhereAllAre() {
        PortBinding named = new PortBinding(80, "tcp", "", 8080, 0);

        assertThat(mappings(true, List.of("80/tcp", "53/udp"), named))
                .containsExactly(PortMapping.of(8080, 80, "tcp"), PortMapping.of(0, 53, "udp"));
        assertThat(mappings(false, List.of("80/tcp", "53/udp"), named)).hasSize(1);
    }
}
