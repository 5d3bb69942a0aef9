package dev.wherry.cli.command.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.ContainerPort;
import dev.wherry.v1.ContainerSummary;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ContainerRowTest {
    private final ContainerRow row = new ContainerRow(false, Instant.ofEpochSecond(1000));
    private final ContainerSummary.Builder container = ContainerSummary.newBuilder()
            .setStartedNanos(997_000_000_000L)
            .setFinishedNanos(995_000_000_000L)
            .setExitCode(3);

    @Test
    void statusTellsStateAndTime() {
        assertThat(row.status(container.setState("running").build())).isEqualTo("Up 3 seconds");
        assertThat(row.status(container.setState("paused").build())).isEqualTo("Up 3 seconds (Paused)");
        assertThat(row.status(container.setState("exited").build())).isEqualTo("Exited (3) 5 seconds ago");
        assertThat(row.status(container.setState("created").build())).isEqualTo("Created");
    }

    @Test
    void imageIsShownAsItWasNamed() {
        String id = "sha256:" + "ab".repeat(32);
        container.setImageId(id);

        assertThat(row.of(container.setImage("web:1").build())).containsEntry("Image", "web:1");
        assertThat(row.of(container.setImage(id).build())).containsEntry("Image", "abababababab");
        assertThat(new ContainerRow(true, Instant.EPOCH).of(container.build())).containsEntry("Image", id);
    }

    @Test
    void argumentsWithBlanksAreQuotedAsDockerQuotesThem() {
        container.addCommand("a b").addCommand("-c").addCommand("exit 3");

        assertThat(row.of(container.build())).containsEntry("Command", "\"a b -c 'exit 3'\"");
    }

    @Test
    void portsInARowAreARange() {
        for (String ip : new String[] {"0.0.0.0", "::"}) {
            container.addPorts(port(80, 3000).setHostIp(ip));
            container
                    .addPorts(port(8001, 8001).setHostIp(ip))
                    .addPorts(port(8000, 8000).setHostIp(ip));
        }
        container.addPorts(port(443, 0)).addPorts(port(444, 0)).addPorts(port(90, 0));

        assertThat(row.of(container.build()))
                .containsEntry(
                        "Ports",
                        "90/tcp, 443-444/tcp, 0.0.0.0:8000-8001->8000-8001/tcp, [::]:8000-8001->8000-8001/tcp,"
                                + " 0.0.0.0:3000->80/tcp, [::]:3000->80/tcp");
    }

    private static ContainerPort.Builder port(int number, int host) {
        return ContainerPort.newBuilder()
                .setContainerPort(number)
                .setProtocol("tcp")
                .setHostPort(host);
    }

    @Test
    void commandIsQuotedAndShortened() {
        container.addCommand("docker-entrypoint.sh").addCommand("node");

        assertThat(row.of(container.build())).containsEntry("Command", "\"docker-entrypoint.s…\"");
    }
}
