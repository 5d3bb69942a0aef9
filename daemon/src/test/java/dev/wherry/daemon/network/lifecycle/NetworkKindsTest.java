package dev.wherry.daemon.network.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.firewall.FirewallMonitors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of each kind on the host's own kernel. */
class NetworkKindsTest {

    private static final NamespaceOwner ONE = NamespaceOwner.container("1".repeat(64), "one");
    private static final NamespaceOwner TWO = NamespaceOwner.container("2".repeat(64), "two");

    private static final String ANSWERED = " 0% packet loss";

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

    private Network create(NetworkDriver driver, boolean internal, boolean ipv6, Map<String, String> options) {
        return host.lifecycle.create(
                new NetworkCreation("netcore-kind", driver, List.of(), internal, true, ipv6, false, options, Map.of()));
    }

    private Endpoint setUp(NamespaceOwner owner, Network network, PortMapping... ports) {
        NetworkSetup setup = host.endpoints.setUp(owner, List.of(EndpointRequest.of(network.id())), List.of(ports));
        setup.await();
        return setup.endpoints().getFirst();
    }

    /** Asks several times: a busy kernel may take its time to let a new interface send. */
    private void answers(NamespaceOwner from, Endpoint to, boolean ipv6) {
        await().untilAsserted(() -> assertThat(ping(from, to, ipv6)).contains(ANSWERED));
    }

    private String ping(NamespaceOwner from, Endpoint to, boolean ipv6) throws Exception {
        return host.run(
                from,
                "busybox",
                ipv6 ? "ping6" : "ping",
                "-c",
                "1",
                "-W",
                "2",
                Cidr.text((ipv6 ? to.ipv6() : to.ipv4()).orElseThrow()));
    }

    @Test
    void internalNetworkHasNoRouteOut() throws Exception {
        Network network = create(NetworkDriver.BRIDGE, true, false, Map.of());
        Endpoint one = setUp(ONE, network);
        setUp(TWO, network);

        assertThat(host.run(ONE, "busybox", "ip", "route")).doesNotContain("default");
        answers(TWO, one, false);
        assertThat(host.resolve(TWO, network.name(), "one"))
                .contains(Cidr.text(one.ipv4().orElseThrow()));
    }

    @Test
    void networkHasBothVersionsOfIp() throws Exception {
        Network network = create(NetworkDriver.BRIDGE, false, true, Map.of());
        Endpoint one = setUp(ONE, network, PortMapping.of(0, 80, "tcp"));
        setUp(TWO, network);
        host.serve(ONE, "hello");
        int port = host.networks.portsOf(ONE.id()).getFirst().hostPort();

        answers(TWO, one, true);
        assertThat(host.run(ONE, "busybox", "ip", "-6", "route")).contains("default via");
        assertThat(host.fetch(
                        TWO,
                        Cidr.text(network.subnet(true).orElseThrow().gateway().orElseThrow()),
                        port))
                .isEqualTo("hello");
    }

    @Test
    void optionsOfDockerCount() throws Exception {
        Network network = create(
                NetworkDriver.BRIDGE,
                false,
                false,
                Map.of(
                        "com.docker.network.driver.mtu", "1400",
                        "com.docker.network.bridge.name", "netcore-named",
                        "com.docker.network.bridge.enable_icc", "false"));
        Endpoint one = setUp(ONE, network);
        setUp(TWO, network);

        assertThat(host.run(ONE, "busybox", "ip", "link", "show", "eth0")).contains("mtu 1400");
        assertThat(Path.of("/sys/class/net/netcore-named")).exists();
        assertThat(ping(TWO, one, false)).doesNotContain(ANSWERED);
    }

    @Test
    void macvlanIsOnAnInterfaceOfTheHost() throws Exception {
        host.execute("ip", "link", "add", "netcore-dummy", "type", "bridge");
        try {
            host.execute("ip", "link", "set", "netcore-dummy", "up");
            Network network = create(NetworkDriver.MACVLAN, false, false, Map.of("parent", "netcore-dummy"));
            Endpoint one = setUp(ONE, network);
            setUp(TWO, network);

            answers(TWO, one, false);
            assertThat(host.run(ONE, "busybox", "ip", "link", "show", "eth0")).contains(one.mac());
            host.endpoints.disconnect(ONE.id(), network.id());
            assertThat(host.run(ONE, "busybox", "ip", "link")).doesNotContain("eth0");
        } finally {
            host.lifecycle.recover(Set.of());
            host.execute("ip", "link", "del", "netcore-dummy");
        }
    }

    @Test
    void reloadRestoresWhatAReloadOfTheFirewallHasRemoved() throws Exception {
        setUp(ONE, host.networks.get(Network.BRIDGE), PortMapping.of(0, 80, "tcp"));
        host.serve(ONE, "hello");
        String rules = host.rules();
        host.execute("nft", "delete", "table", "inet", "wherry-" + host.networks.tag());

        host.lifecycle.reload();

        assertThat(host.rules()).isEqualTo(rules);
        assertThat(host.get(
                        "127.0.0.1", host.networks.portsOf(ONE.id()).getFirst().hostPort()))
                .isEqualTo("hello");
    }

    @Test
    void reloadOfTheFirewallIsNoticed() throws Exception {
        setUp(ONE, host.networks.get(Network.BRIDGE), PortMapping.of(0, 80, "tcp"));
        String rules = host.rules();
        FirewallMonitors.awaitListening();

        host.execute("nft", "delete", "table", "inet", "wherry-" + host.networks.tag());

        await().untilAsserted(() -> assertThat(host.rules()).isEqualTo(rules));
        host.lifecycle.close();
        // The kernel may still be ending what is killed.
        await().untilAsserted(() -> assertThat(FirewallMonitors.running()).isEmpty());
    }
}
