package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** Leaves a container, a network, a volume and an image to the reaper; the script of this suite looks what became of them. */
@Timeout(120)
class LeftoversTest {

    @Test
    void areLeft() {
        Network network = Network.newNetwork();
        ImageFromDockerfile image = new ImageFromDockerfile("leftover-image")
                .withDockerfileFromBuilder(file -> file.from("alpine:3.17").cmd("sleep", "600"));
        GenericContainer<?> container = new GenericContainer<>(image).withNetwork(network);
        container.start();
        var client = DockerClientFactory.instance().client();
        client.createVolumeCmd()
                .withName("leftover-volume")
                .withLabels(Session.labels())
                .exec();
        assertThat(container.isRunning()).isTrue();
    }
}
