package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/** Containers that speak with each other. */
@Timeout(120)
class NetworkTest {

    private static GenericContainer<?> web(Network network, String... aliases) {
        return new GenericContainer<>(ContainerTest.ALPINE)
                .withNetwork(network)
                .withNetworkAliases(aliases)
                .withCommand("sh", "-c", "mkdir /www; hostname >/www/name; echo ready; exec httpd -f -p 80 -h /www")
                .waitingFor(Wait.forLogMessage("ready\n", 1));
    }

    @Test
    void aliasesAreNamesOnTheNetwork() throws Exception {
        try (Network network = Network.newNetwork();
                GenericContainer<?> front = web(network, "front", "www.example.test");
                GenericContainer<?> client = web(network, "client").dependsOn(front)) {
            client.start();
            assertThat(front.isRunning()).isTrue();
            String name = front.execInContainer("hostname").getStdout();
            for (String alias : new String[] {"front", "www.example.test"}) {
                assertThat(client.execInContainer("wget", "-q", "-O", "-", "http://" + alias + "/name")
                                .getStdout())
                        .isEqualTo(name);
            }
        }
    }

    @Test
    void networksDoNotReachEachOther() throws Exception {
        try (Network one = Network.newNetwork();
                Network other = Network.builder()
                        .driver("bridge")
                        .createNetworkCmdModifier(command -> command.withInternal(true))
                        .build();
                GenericContainer<?> server = web(one, "server");
                GenericContainer<?> stranger = web(other, "stranger")) {
            Startables.deepStart(Stream.of(server, stranger)).get();
            assertThat(stranger.execInContainer("wget", "-q", "-T", "2", "-O", "-", "http://server/name")
                            .getExitCode())
                    .isNotZero();
        }
    }

    @Test
    void portsOfContainersOnOwnNetworksArePublishedToo() throws Exception {
        try (Network network = Network.newNetwork();
                GenericContainer<?> server = web(network, "server").withExposedPorts(80)) {
            server.waitingFor(Wait.forHttp("/name"));
            server.start();
            assertThat(server.getMappedPort(80)).isPositive();
        }
    }
}
