package dev.wherry.daemon.network.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.PortMapping;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces on the host's own kernel. */
class EndpointsTest {

    private static final NamespaceOwner ONE = NamespaceOwner.container("1".repeat(64), "one");
    private static final NamespaceOwner TWO = NamespaceOwner.container("2".repeat(64), "two");

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

    private Endpoint setUp(NamespaceOwner owner, String network, PortMapping... ports) {
        NetworkSetup setup = host.endpoints.setUp(
                owner, List.of(EndpointRequest.of(host.networks.get(network).id())), List.of(ports));
        setup.await();
        return setup.endpoints().getFirst();
    }

    @Test
    void namespacesOnTheDefaultBridgeReachEachOtherAndTheHost() throws Exception {
        Endpoint one = setUp(ONE, Network.BRIDGE);
        Endpoint two = setUp(TWO, Network.BRIDGE);

        assertThat(host.run(ONE, "busybox", "ip", "-4", "addr", "show", "eth0"))
                .contains(Cidr.text(one.ipv4().orElseThrow()));
        assertThat(host.run(ONE, "busybox", "ip", "route")).contains("default via");
        assertThat(host.run(
                        TWO,
                        "busybox",
                        "ping",
                        "-c",
                        "1",
                        "-W",
                        "2",
                        Cidr.text(one.ipv4().orElseThrow())))
                .contains("0% packet loss");
        assertThat(two.ipv4()).isNotEqualTo(one.ipv4());
    }

    @Test
    void publishedPortAnswersOnLoopbackAndFromItsOwnNetworkAndNotFromAnother() throws Exception {
        Network other = host.lifecycle.create(NetworkCreation.bridge("netcore-other"));
        Endpoint one = setUp(ONE, Network.BRIDGE, PortMapping.of(0, 80, "tcp"));
        setUp(TWO, Network.BRIDGE);
        NamespaceOwner three = NamespaceOwner.container("3".repeat(64), "three");
        setUp(three, other.name());
        int port = host.networks.portsOf(ONE.id()).getFirst().hostPort();
        host.serve(ONE, "hello");

        String hostAddress = Cidr.text(host.networks
                .get(Network.BRIDGE)
                .subnet(false)
                .orElseThrow()
                .gateway()
                .orElseThrow());
        assertThat(host.get("127.0.0.1", port)).isEqualTo("hello");
        assertThat(host.fetch(TWO, hostAddress, port)).isEqualTo("hello");
        assertThat(host.fetch(ONE, hostAddress, port)).isEqualTo("hello");
        assertThat(host.fetch(TWO, Cidr.text(one.ipv4().orElseThrow()), 80)).isEqualTo("hello");
        assertThat(host.fetch(three, Cidr.text(one.ipv4().orElseThrow()), 80)).isEmpty();
        assertThat(host.fetch(three, hostAddress, port)).isEmpty();

        host.endpoints.tearDown(three.id());
        host.lifecycle.remove(other);
        assertThat(host.rules()).doesNotContain(other.interfaceName());
    }

    @Test
    void gatewayKeepsItsHardwareAddressWhenOthersComeAndGo() throws Exception {
        setUp(ONE, Network.BRIDGE);
        Path address =
                Path.of("/sys/class/net", host.networks.get(Network.BRIDGE).interfaceName(), "address");
        String before = Files.readString(address);
        setUp(TWO, Network.BRIDGE);

        host.endpoints.tearDown(ONE.id());

        assertThat(Files.readString(address)).isEqualTo(before);
    }

    @Test
    void usedPortIsRefusedBeforeAnythingIsMade() throws Exception {
        setUp(ONE, Network.BRIDGE, PortMapping.of(0, 80, "tcp"));
        int port = host.networks.portsOf(ONE.id()).getFirst().hostPort();

        assertThatThrownBy(() -> setUp(TWO, Network.BRIDGE, PortMapping.of(port, 80, "tcp")))
                .isInstanceOf(ConflictException.class)
                .hasMessage("port " + port + "/tcp is already in use by container \"one\": choose another port, or stop"
                        + " that container");
        try (ServerSocket listening = new ServerSocket(0)) {
            assertThatThrownBy(() -> setUp(TWO, Network.BRIDGE, PortMapping.of(listening.getLocalPort(), 80, "tcp")))
                    .hasMessageContaining("is already in use by java (process "
                            + ProcessHandle.current().pid() + ")");
        }
        assertThat(host.networks.endpointsOf(TWO.id())).isEmpty();
        assertThat(host.namespaces()).containsExactly(ONE.id());
    }

    @Test
    void namespaceInUseIsConnectedAndDisconnected() throws Exception {
        Network more = host.lifecycle.create(NetworkCreation.bridge("netcore-more"));
        setUp(ONE, Network.BRIDGE);

        Endpoint second = host.endpoints.connect(ONE, EndpointRequest.of(more.id()));

        assertThat(second.interfaceName()).isEqualTo("eth1");
        assertThat(host.run(ONE, "busybox", "ip", "addr", "show", "eth1"))
                .contains(Cidr.text(second.ipv4().orElseThrow()));
        assertThatThrownBy(() -> host.lifecycle.remove(more))
                .hasMessageStartingWith("error while removing network: network netcore-more has active endpoints"
                        + " (name:\"one\" id:\"");

        host.endpoints.disconnect(ONE.id(), more.id());

        assertThat(host.run(ONE, "busybox", "ip", "addr")).doesNotContain("eth1");
        host.lifecycle.remove(more);
        assertThat(host.networks.find("netcore-more")).isEmpty();
    }

    @Test
    void recoveryKeepsExactlyWhatRuns() throws Exception {
        setUp(ONE, Network.BRIDGE, PortMapping.of(0, 80, "tcp"));
        setUp(TWO, Network.BRIDGE, PortMapping.of(0, 80, "tcp"));
        int port = host.networks.portsOf(ONE.id()).getFirst().hostPort();
        host.serve(ONE, "hello");

        NetworkHost next = host.restarted();
        next.lifecycle.recover(Set.of(ONE.id()));

        assertThat(next.namespaces()).containsExactly(ONE.id());
        assertThat(next.networks.endpointsOf(TWO.id())).isEmpty();
        assertThat(next.networks.portsOf(TWO.id())).isEmpty();
        assertThat(next.get("127.0.0.1", port)).isEqualTo("hello");

        next.lifecycle.recover(Set.of());

        assertThat(next.namespaces()).isEmpty();
        assertThat(next.rules()).isEmpty();
        assertThat(Files.exists(Path.of(
                        "/sys/class/net", next.networks.get(Network.BRIDGE).interfaceName())))
                .isFalse();
    }

    @Test
    void networkHasNoNamesBeforeTheHostHasItsAddress() throws Exception {
        Network first = host.lifecycle.create(NetworkCreation.bridge("netcore-first"));
        Network second = host.lifecycle.create(NetworkCreation.bridge("netcore-second"));
        NamespaceOwner starting = NamespaceOwner.container("3".repeat(64), "starting");
        host.reserve(starting, second);

        setUp(ONE, first.name());

        assertThat(host.namedNetworks()).containsExactly(first.id());
        assertThat(host.resolve(ONE, first.name(), "one"))
                .contains(Cidr.text(
                        host.networks.endpointsOf(ONE.id()).getFirst().ipv4().orElseThrow()));

        setUp(TWO, second.name());

        assertThat(host.namedNetworks()).containsExactlyInAnyOrder(first.id(), second.id());
        host.endpoints.tearDown(starting.id());
    }

    @Test
    void namesAreResolvedOnNetworksOfUsers() throws Exception {
        Network first = host.lifecycle.create(NetworkCreation.bridge("netcore-first"));
        Network second = host.lifecycle.create(NetworkCreation.bridge("netcore-second"));
        NetworkSetup setup = host.endpoints.setUp(
                ONE, List.of(EndpointRequest.of(first.id()).withAliases(List.of("db", "cache"))), List.of());
        setup.await();
        String one = Cidr.text(setup.endpoints().getFirst().ipv4().orElseThrow());
        String two = Cidr.text(setUp(TWO, second.name()).ipv4().orElseThrow());
        assertThat(host.resolve(TWO, second.name(), "one")).doesNotContain(one);

        host.endpoints.connect(TWO, EndpointRequest.of(first.id()));

        for (String name : List.of("one", "db", "cache", ONE.id().substring(0, 12))) {
            assertThat(host.resolve(TWO, first.name(), name)).as(name).contains(one);
        }

        Path zones = host.stores.layout.network().resolve("dns");
        String zone = Files.readString(zones.resolve(first.id()));
        Files.writeString(zones.resolve(second.id()), "of a daemon that was killed while it wrote");
        NetworkHost next = host.restarted();
        next.lifecycle.recover(Set.of(ONE.id(), TWO.id()));
        assertThat(next.resolve(TWO, first.name(), "db")).contains(one);
        assertThat(next.resolve(TWO, second.name(), "two")).contains(two);
        assertThat(zones.resolve(first.id())).as("what the server knows stays").hasContent(zone);
        next.endpoints.rename(ONE.id(), "uno");
        assertThat(next.resolve(TWO, first.name(), "uno")).contains(one);
        assertThat(next.nameServers()).isEqualTo(1);

        next.endpoints.tearDown(ONE.id());
        await().untilAsserted(
                        () -> assertThat(next.resolve(TWO, first.name(), "uno")).doesNotContain(one));
        next.endpoints.tearDown(TWO.id());
        await().untilAsserted(() -> assertThat(next.nameServers()).isZero());
    }

    @Test
    void whatHasLeftAllNetworksGetsANamespaceWithoutALink() throws Exception {
        host.endpoints.setUp(ONE, List.of(), List.of()).await();

        assertThat(host.run(ONE, "busybox", "ip", "-o", "link").lines()).hasSize(1);
        host.endpoints.tearDown(ONE.id());
        assertThat(host.namespaces()).isEmpty();
    }

    @Test
    void networkThatNothingWasOnLeavesNothingInTheFirewall() throws Exception {
        host.lifecycle.remove(host.lifecycle.create(NetworkCreation.bridge("netcore-idle")));

        assertThat(host.rules()).isEmpty();
    }

    @Test
    void pruneRemovesWhatNothingIsOn() {
        host.lifecycle.create(NetworkCreation.bridge("netcore-idle"));
        Network used = host.lifecycle.create(NetworkCreation.bridge("netcore-used"));
        setUp(ONE, used.name());

        assertThat(host.lifecycle.prune(Filters.NONE)).extracting(Network::name).containsExactly("netcore-idle");
        assertThat(host.networks.list(Filters.NONE))
                .extracting(Network::name)
                .containsExactly("bridge", "host", "netcore-used", "none");
    }
}
