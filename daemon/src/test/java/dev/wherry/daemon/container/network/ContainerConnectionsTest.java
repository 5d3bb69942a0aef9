package dev.wherry.daemon.container.network;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections to programs in containers that have no network but their own loopback interface. */
class ContainerConnectionsTest {

    private static BusyboxHost host;
    private static ContainerConnections connections;
    private static Container container;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
        connections = new ContainerConnections(host.containers, new ContainerAccess(host.containers, host.volumes));
        container = host.lifecycle.create("", config("/bin/busybox", "nc", "-ll", "-p", "7", "-e", "echo", "hello"));
        host.lifecycle.start(container.id());
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    private static String read(int port) throws Exception {
        try (SocketChannel socket = connections.open(container.name(), port)) {
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void programOnLoopbackIsReached() {
        await().ignoreException(ConflictException.class)
                .untilAsserted(() -> assertThat(read(7)).isEqualTo("hello\n"));
    }

    @Test
    void portWithoutListenerIsAConflict() {
        assertThatThrownBy(() -> connections.open(container.name(), 8))
                .isInstanceOf(ConflictException.class)
                .hasMessage("nothing listens on port 8 of container " + container.name());
    }

    @Test
    void containerMustRun() throws Exception {
        Container created = host.lifecycle.create("", config("true"));

        assertThatThrownBy(() -> connections.open(created.name(), 7))
                .isInstanceOf(ConflictException.class)
                .hasMessage("Container " + created.name() + " is not running");
        assertThatThrownBy(() -> connections.open("nosuch", 7)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void containerOfTheHostsNetworkNeedsAdmin() throws Exception {
        Container admins = host.lifecycle.create("", BusyboxHost.onHostNetwork("sleep", "1000"));

        assertThat(Callers.failure(Callers.operator(), () -> connections.open(admins.name(), 7)))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void portMustBeANumberOfTcp() {
        assertThatThrownBy(() -> connections.open(container.name(), 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> connections.open(container.name(), -1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("4294967295");
    }
}
