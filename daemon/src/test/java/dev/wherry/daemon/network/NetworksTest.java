package dev.wherry.daemon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.NetworkCreation.SubnetRequest;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of networks and what they reserve; nothing on the host. */
class NetworksTest {

    private static final NamespaceOwner ONE = NamespaceOwner.container("1".repeat(64), "one");

    @TempDir
    private Path folder;

    private final List<Cidr> routes = new ArrayList<>();
    private PrivateStores stores;
    private Networks networks;
    private Reservations reservations;

    @BeforeEach
    void begin() {
        stores = new PrivateStores(folder);
        Events events = new Events(stores.database);
        networks = new Networks(
                stores.database,
                events,
                new Layout(stores.layout.root(), Path.of("/run/wherry")),
                new AddressPools(List.of()),
                () -> routes);
        reservations = new Reservations(stores.database, events);
    }

    private static Cidr range(String text) {
        return Cidr.parse("range", text);
    }

    private static NetworkCreation in(String name, String subnet, String ipRange, Map<String, InetAddress> aux) {
        return new NetworkCreation(
                name,
                NetworkDriver.BRIDGE,
                List.of(new SubnetRequest(
                        Optional.of(range(subnet)),
                        Optional.of(ipRange).filter(text -> !text.isEmpty()).map(NetworksTest::range),
                        Optional.empty(),
                        aux)),
                false,
                true,
                false,
                false,
                Map.of(),
                Map.of("kept", "yes"));
    }

    private Endpoint reserve(String id, EndpointRequest request) {
        return reservations
                .reserve(NamespaceOwner.container(id.repeat(64), "c" + id), List.of(request), List.of(), null)
                .endpoints()
                .getFirst();
    }

    private String address(Endpoint endpoint) {
        return Cidr.text(endpoint.ipv4().orElseThrow());
    }

    @Test
    void predefinedNetworksAreThereAndStay() {
        assertThat(networks.list()).extracting(Network::name).containsExactlyInAnyOrder("bridge", "host", "none");
        Network bridge = networks.get("bridge");
        assertThat(bridge.subnet(false).orElseThrow().range()).hasToString("172.17.0.0/16");
        assertThat(bridge.interfaceName()).isEqualTo("wherry0");
        assertThat(bridge.resolvesNames()).isFalse();
        assertThatThrownBy(() -> networks.beginRemoval(bridge))
                .isInstanceOf(ConflictException.class)
                .hasMessage("bridge is a pre-defined network and cannot be removed");
        assertThatThrownBy(() -> networks.define(NetworkCreation.bridge("host")))
                .isInstanceOf(ConflictException.class)
                .hasMessage("operation is not permitted on predefined host network");
    }

    private static NetworkCreation with(NetworkDriver driver, String option, String value) {
        return new NetworkCreation(
                "odd", driver, List.of(), false, true, false, false, Map.of(option, value), Map.of());
    }

    @Test
    void optionThatMeansNothingIsRefusedAtOnce() {
        NetworkDriver bridge = NetworkDriver.BRIDGE;
        for (NetworkCreation odd : List.of(
                with(bridge, "com.docker.network.bridge.name", "lo"),
                with(bridge, "com.docker.network.bridge.name", ".."),
                with(bridge, "com.docker.network.bridge.enable_icc", "maybe"),
                with(bridge, "com.docker.network.bridge.host_binding_ipv4", "here"),
                with(bridge, "com.docker.network.bridge.gateway_mode_ipv4", "isolated"),
                with(bridge, "com.docker.network.driver.mtu", "-1"),
                with(NetworkDriver.MACVLAN, "parent", "wherry-nothing"),
                with(NetworkDriver.MACVLAN, "macvlan_mode", "l2"),
                with(NetworkDriver.IPVLAN, "ipvlan_mode", "bridge"))) {
            String option = odd.options().keySet().iterator().next();
            assertThatThrownBy(() -> networks.define(odd))
                    .as(odd.options().toString())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(
                            "option " + option + ": \"" + odd.options().get(option) + "\" ");
        }
        assertThat(networks.define(with(bridge, "com.docker.network.bridge.enable_icc", "F"))
                        .connectsEndpoints())
                .isFalse();
    }

    @Test
    void interfaceIsCalledAsAskedFor() {
        Network vlan = networks.define(with(NetworkDriver.BRIDGE, "com.docker.network.container_iface_prefix", "vlan"));
        EndpointRequest first = EndpointRequest.of(networks.get("bridge").id());
        EndpointRequest second = new EndpointRequest(
                vlan.id(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of("eth0"),
                List.of());

        assertThat(reserve("1", EndpointRequest.of(vlan.id())).interfaceName()).isEqualTo("vlan0");
        assertThat(reservations
                        .reserve(
                                NamespaceOwner.container("2".repeat(64), "two"),
                                List.of(first, second),
                                List.of(),
                                null)
                        .endpoints())
                .extracting(Endpoint::interfaceName)
                .containsExactly("eth1", "eth0");
        assertThatThrownBy(() -> reservations.reserve(
                        NamespaceOwner.container("3".repeat(64), "three"),
                        List.of(
                                second,
                                new EndpointRequest(
                                        first.network(),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        0,
                                        Optional.of("eth0"),
                                        List.of())),
                        List.of(),
                        null))
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("interface eth0 is there already");
    }

    @Test
    void networkIsFoundByNameIdAndUniquePrefix() {
        Network app = networks.define(NetworkCreation.bridge("app"));

        assertThat(networks.get("app")).isEqualTo(app);
        assertThat(networks.get(app.id())).isEqualTo(app);
        assertThat(networks.get(app.shortId())).isEqualTo(app);
        assertThat(networks.find("")).isEmpty();
        assertThatThrownBy(() -> networks.get("nope"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("network nope not found");
        assertThatThrownBy(() -> networks.define(NetworkCreation.bridge("app")))
                .hasMessage("network with name app already exists");
        assertThatThrownBy(() -> networks.define(NetworkCreation.bridge("-a")))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void rangesThatAreChosenOverlapNeitherNetworksNorRoutesOfTheHost() {
        routes.add(range("172.18.0.0/15"));

        assertThat(networks.define(NetworkCreation.bridge("a"))
                        .subnets()
                        .getFirst()
                        .range())
                .hasToString("172.20.0.0/16");
        assertThat(networks.define(NetworkCreation.bridge("b"))
                        .subnets()
                        .getFirst()
                        .range())
                .hasToString("172.21.0.0/16");
        assertThatThrownBy(() -> networks.define(in("c", "172.21.7.0/24", "", Map.of())))
                .hasMessage("invalid pool request: Pool overlaps with other one on this address space: 172.21.7.0/24");
        routes.add(range("172.16.0.0/12"));
        routes.add(range("192.168.0.0/16"));
        assertThatThrownBy(() -> networks.define(NetworkCreation.bridge("d")))
                .isInstanceOf(ExhaustedException.class)
                .hasMessageStartingWith("all predefined address pools have been fully subnetted");
    }

    @Test
    void predefinedBridgeLeavesARangeThatTheHostHasARouteTo() {
        routes.add(range("172.17.4.0/24"));
        networks.avoidRoutes();
        assertThat(networks.get("bridge").subnets().getFirst().range()).hasToString("172.18.0.0/16");

        reserve("1", EndpointRequest.of(networks.get("bridge").id()));
        routes.add(range("172.18.0.0/16"));
        networks.avoidRoutes();
        assertThat(networks.get("bridge").subnets().getFirst().range()).hasToString("172.18.0.0/16");
    }

    @Test
    void addressesComeFromTheRangeAndAreNeverGivenTwice() {
        Network lab = networks.define(
                in("lab", "10.9.0.0/24", "10.9.0.128/30", Map.of("router", InetAddress.ofLiteral("10.9.0.129"))));

        assertThat(address(reserve("1", EndpointRequest.of(lab.id())))).isEqualTo("10.9.0.128");
        assertThat(address(reserve("2", EndpointRequest.of(lab.id())))).isEqualTo("10.9.0.130");
        Endpoint third = reserve("3", EndpointRequest.of(lab.id()));
        assertThat(address(third)).isEqualTo("10.9.0.131");
        assertThat(third.mac()).isEqualTo("02:42:0a:09:00:83");
        assertThatThrownBy(() -> reserve("4", EndpointRequest.of(lab.id())))
                .isInstanceOf(ExhaustedException.class)
                .hasMessageStartingWith("network lab has no free address left in 10.9.0.128/30");

        reservations.releaseAll("2".repeat(64));

        assertThat(address(reserve("4", EndpointRequest.of(lab.id())))).isEqualTo("10.9.0.130");
    }

    @Test
    void addressThatAUserWantsIsFreeAndInTheSubnet() {
        Network lab = networks.define(in("lab", "10.9.0.0/24", "", Map.of()));
        EndpointRequest wanted = new EndpointRequest(
                lab.id(),
                List.of(),
                Optional.of(InetAddress.ofLiteral("10.9.0.7")),
                Optional.empty(),
                Optional.of("02:42:ac:00:00:07"),
                0);

        Endpoint endpoint = reserve("1", wanted);

        assertThat(address(endpoint)).isEqualTo("10.9.0.7");
        assertThat(endpoint.mac()).isEqualTo("02:42:ac:00:00:07");
        assertThatThrownBy(() -> reserve("2", wanted))
                .isInstanceOf(ConflictException.class)
                .hasMessage("address 10.9.0.7 of network lab is already in use: choose another or none");
        EndpointRequest outside = new EndpointRequest(
                lab.id(),
                List.of(),
                Optional.of(InetAddress.ofLiteral("10.10.0.7")),
                Optional.empty(),
                Optional.empty(),
                0);
        assertThatThrownBy(() -> reserve("2", outside))
                .hasMessage("address 10.10.0.7 is not in the subnet 10.9.0.0/24 of network lab");
    }

    @Test
    void refusedPortLeavesNoEndpoint() {
        assertThatThrownBy(() -> reservations.reserve(
                        ONE,
                        List.of(EndpointRequest.of(networks.get("bridge").id())),
                        List.of(PortMapping.of(80, 80, "tcp")),
                        (wanted, published) -> {
                            throw new ConflictException("used");
                        }))
                .hasMessage("used");

        assertThat(networks.endpointsOf(ONE.id())).isEmpty();
    }

    @Test
    void highestPriorityHasTheDefaultRoute() {
        Network app = networks.define(NetworkCreation.bridge("app"));
        EndpointRequest first = EndpointRequest.of(networks.get("bridge").id());
        EndpointRequest second =
                new EndpointRequest(app.id(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), 5);

        List<Endpoint> endpoints = reservations
                .reserve(ONE, List.of(first, second), List.of(), null)
                .endpoints();

        assertThat(endpoints).extracting(Endpoint::network).containsExactly(app.id(), first.network());
        assertThat(endpoints).extracting(Endpoint::interfaceName).containsExactly("eth1", "eth0");
    }

    @Test
    void filtersChoose() {
        networks.define(in("app", "10.9.0.0/24", "", Map.of()));
        reserve(
                "1",
                EndpointRequest.of(
                        networks.define(NetworkCreation.bridge("web")).id()));

        assertThat(names("type", "custom")).containsExactly("app", "web");
        assertThat(names("driver", "null")).containsExactly("none");
        assertThat(names("name", "^a")).containsExactly("app");
        assertThat(names("label", "kept=yes")).containsExactly("app");
        assertThat(names("dangling", "true")).containsExactly("app");
        assertThatThrownBy(() -> names("colour", "red")).isInstanceOf(InvalidInputException.class);
    }

    private List<String> names(String key, String value) {
        return networks.list(new Filters(Map.of(key, List.of(value)))).stream()
                .map(Network::name)
                .toList();
    }

    @Test
    void interfacesOfTheHostAreTheAdmins() {
        NetworkCreation plain = NetworkCreation.bridge("plain");
        NetworkCreation named = withOptions("named", NetworkDriver.BRIDGE, Map.of(NetworkOptions.BRIDGE_NAME, "br0"));
        NetworkCreation macvlan = withOptions("macvlan", NetworkDriver.MACVLAN, Map.of());

        assertThat(Callers.failure(Callers.operator(), () -> networks.define(plain)))
                .isNull();
        assertThat(Callers.failure(Callers.operator(), () -> networks.define(named)))
                .hasMessageContaining("the network option com.docker.network.bridge.name needs the role admin");
        assertThat(Callers.failure(Callers.operator(), () -> networks.define(macvlan)))
                .hasMessageContaining("a network of the driver macvlan needs the role admin");
    }

    private static NetworkCreation withOptions(String name, NetworkDriver driver, Map<String, String> options) {
        return new NetworkCreation(name, driver, List.of(), false, true, false, false, options, Map.of());
    }
}
