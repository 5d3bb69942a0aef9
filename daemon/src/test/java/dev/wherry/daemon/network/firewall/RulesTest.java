package dev.wherry.daemon.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.Subnet;
import dev.wherry.daemon.network.firewall.Rules.Published;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static Network network(boolean internal, Map<String, String> options) {
        return new Network(
                "a".repeat(64),
                "app",
                NetworkDriver.BRIDGE,
                Instant.EPOCH,
                List.of(new Subnet(
                        Cidr.parse("subnet", "10.9.0.0/24"),
                        Optional.empty(),
                        Optional.of(InetAddress.ofLiteral("10.9.0.1")),
                        Map.of())),
                internal,
                false,
                false,
                "br-app",
                options,
                Map.of());
    }

    private static Published published(Network network, PortMapping port) {
        return new Published(
                network,
                new Endpoint(
                        "e".repeat(64),
                        network.id(),
                        NamespaceOwner.container("1".repeat(64), "one"),
                        "eth0",
                        "02:42:0a:09:00:02",
                        Optional.of(InetAddress.ofLiteral("10.9.0.2")),
                        Optional.empty(),
                        List.of(),
                        100,
                        List.of()),
                port);
    }

    /** A published port, as nft lists it. */
    static final Pattern ELEMENT = Pattern.compile("(tcp|udp) \\. \\d+ : [0-9.]+ \\. \\d+");

    /** Those of a network whose only endpoint publishes these ports. */
    static Rules rules(PortMapping... ports) {
        Network network = network(false, Map.of());
        return new Rules(
                List.of(network),
                Stream.of(ports).map(port -> published(network, port)).toList());
    }

    private static String elements(Network network, Published... ports) {
        return Rules.all("t", new Rules(List.of(network), List.of(ports)).elements())
                .lines()
                .filter(line -> line.startsWith("add element"))
                .reduce("", (all, line) -> all + line.substring("add element inet t ".length()) + "\n");
    }

    @Test
    void networkHidesBehindTheHost() {
        assertThat(elements(network(false, Map.of()))).isEqualTo("""
                bridges { "br-app" }
                nat4 { 10.9.0.0/24 }
                same { "br-app" . "br-app" }
                """);
    }

    @Test
    void internalNetworkHasNoWayOut() {
        assertThat(elements(network(true, Map.of()))).isEqualTo("""
                bridges { "br-app" }
                internal { "br-app" }
                same { "br-app" . "br-app" }
                """);
    }

    @Test
    void optionsOpenANetwork() {
        assertThat(elements(network(false, Map.of("com.docker.network.bridge.gateway_mode_ipv4", "routed"))))
                .contains("open { \"br-app\" }")
                .doesNotContain("nat4");
        assertThat(elements(network(false, Map.of("com.docker.network.bridge.enable_ip_masquerade", "false"))))
                .doesNotContain("nat4");
    }

    @Test
    void portsLeadToTheEndpoint() {
        Network network = network(false, Map.of());

        assertThat(elements(
                        network,
                        published(network, PortMapping.of(8080, 80, "tcp")),
                        published(
                                network,
                                new PortMapping(
                                        Optional.of(InetAddress.ofLiteral("127.0.0.1")), 5300, 0, 53, "udp", 2))))
                .contains("any4 { tcp . 8080 : 10.9.0.2 . 80 }")
                .contains("at4 { 127.0.0.1 . udp . 5300 : 10.9.0.2 . 53, 127.0.0.1 . udp . 5301 : 10.9.0.2 . 54 }");
    }

    @Test
    void addressOfTheOtherVersionLeadsNowhere() {
        Network network = network(false, Map.of());

        assertThat(elements(
                        network,
                        published(
                                network,
                                new PortMapping(Optional.of(InetAddress.ofLiteral("::1")), 80, 0, 80, "tcp", 1))))
                .doesNotContain("any6")
                .doesNotContain("at6");
    }

    @Test
    void zoneOfAUdpPortFollowsFromItsTarget() {
        Network network = network(false, Map.of());
        String first = zone(network, PortMapping.of(53, 53, "udp"));

        assertThat(zone(network, PortMapping.of(53, 53, "udp"))).isEqualTo(first);
        assertThat(zone(network, PortMapping.of(53, 54, "udp"))).isNotEqualTo(first);
        assertThat(elements(network, published(network, PortMapping.of(53, 53, "tcp"))))
                .doesNotContain("targets");
    }

    private static String zone(Network network, PortMapping port) {
        return elements(network, published(network, port))
                .lines()
                .filter(line -> line.startsWith("targets { 53 : "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void updateSaysOnlyWhatDiffersAndRemovesFirst() {
        Network network = network(false, Map.of());
        PortMapping kept = PortMapping.of(8080, 80, "tcp");
        PortMapping moved = PortMapping.of(8081, 81, "tcp");
        var before = new Rules(List.of(network), List.of(published(network, kept), published(network, moved)));
        var after = new Rules(
                List.of(network),
                List.of(published(network, kept), published(network, PortMapping.of(8081, 82, "tcp"))));

        assertThat(Rules.update("t", before.elements(), after.elements())).isEqualTo("""
            delete element inet t any4 { tcp . 8081 : 10.9.0.2 . 81 }
            add element inet t any4 { tcp . 8081 : 10.9.0.2 . 82 }
            """);
        assertThat(Rules.update("t", after.elements(), after.elements())).isEmpty();
    }

    @Test
    void tableIsWholeWithAllItsRules() {
        String table = Rules.all("t", new Rules(List.of(network(false, Map.of())), List.of()).elements());

        assertThat(Rules.areWhole(table)).isTrue();
        assertThat(Rules.areWhole(table.replace("chain forward {", "chain other {")))
                .isFalse();
        assertThat(Rules.areWhole(table.replace("oifname @open accept", ""))).isFalse();
    }
}
