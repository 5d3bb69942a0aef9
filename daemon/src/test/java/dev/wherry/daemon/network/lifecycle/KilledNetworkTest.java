package dev.wherry.daemon.network.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.PortMapping;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that changes networks without pause is killed at random moments. What the next one finds and puts in order
 * must be exactly what the surviving owner needs.
 */
class KilledNetworkTest {

    private static final int KILLS = Integer.getInteger("wherry.kills", 12);
    private static final NamespaceOwner SURVIVOR = NamespaceOwner.container("a".repeat(64), "survivor");
    private static final NamespaceOwner OTHER = NamespaceOwner.container("b".repeat(64), "other");
    private static final String EXTRA = "netcore-extra";

    @TempDir
    private Path folder;

    /** Runs until it is killed; prints a line after each round. */
    public static void main(String[] arguments) {
        NetworkHost host = new NetworkHost(Path.of(arguments[0]));
        host.lifecycle.recover(Set.of(SURVIVOR.id()));
        System.out.println("ready");
        while (true) {
            Network extra = host.lifecycle.create(NetworkCreation.bridge(EXTRA));
            Endpoint more = host.endpoints.connect(SURVIVOR, EndpointRequest.of(extra.id()));
            host.endpoints
                    .setUp(
                            OTHER,
                            List.of(
                                    EndpointRequest.of(
                                            host.networks.get(Network.BRIDGE).id()),
                                    EndpointRequest.of(extra.id())),
                            List.of(PortMapping.of(0, 80, "tcp")))
                    .await();
            host.endpoints.disconnect(SURVIVOR.id(), more.network());
            host.endpoints.tearDown(OTHER.id());
            host.lifecycle.remove(extra);
            System.out.println("round");
        }
    }

    @Test
    void nextDaemonPutsEverythingInOrder() throws Exception {
        long seed = Long.getLong("wherry.seed", System.nanoTime());
        Random random = new Random(seed);
        try (NetworkHost host = new NetworkHost(folder)) {
            host.endpoints
                    .setUp(
                            SURVIVOR,
                            List.of(EndpointRequest.of(
                                    host.networks.get(Network.BRIDGE).id())),
                            List.of(PortMapping.of(0, 80, "tcp")))
                    .await();
            host.serve(SURVIVOR, "hello");
            int port = host.networks.portsOf(SURVIVOR.id()).getFirst().hostPort();
            for (int kill = 0; kill < KILLS; kill++) {
                killAfter(random.nextInt(1200));
                NetworkHost next = host.restarted();
                next.lifecycle.recover(Set.of(SURVIVOR.id()));

                assertInOrder(next, "seed " + seed + ", kill " + kill);
                assertThat(next.get("127.0.0.1", port)).isEqualTo("hello");
                next.networks.find(EXTRA).ifPresent(extra -> {
                    if (!next.networks.endpoints(extra).isEmpty()) {
                        next.endpoints.disconnect(SURVIVOR.id(), extra.id());
                    }
                    next.lifecycle.remove(extra);
                });
            }
            host.endpoints.tearDown(SURVIVOR.id());
        }
    }

    private void killAfter(int millis) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledNetworkTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            Thread.sleep(millis);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void assertInOrder(NetworkHost host, String when) throws Exception {
        assertThat(host.namespaces()).as(when).containsExactly(SURVIVOR.id());
        assertThat(host.networks.attached().keySet()).as(when).containsExactly(SURVIVOR.id());
        assertThat(host.networks.beingRemoved()).as(when).isEmpty();
        Set<String> addresses = new HashSet<>();
        Set<String> bridges = new HashSet<>();
        for (Endpoint endpoint : host.networks.endpointsOf(SURVIVOR.id())) {
            String address = Cidr.text(endpoint.ipv4().orElseThrow());
            assertThat(addresses.add(address)).as(when).isTrue();
            assertThat(host.run(SURVIVOR, "busybox", "ip", "addr", "show", endpoint.interfaceName()))
                    .as(when)
                    .contains(address);
            bridges.add(host.networks.get(endpoint.network()).interfaceName());
        }
        String links = host.run(SURVIVOR, "busybox", "ip", "-o", "link");
        assertThat(links.lines().filter(line -> line.contains("eth")).count())
                .as(when)
                .isEqualTo(addresses.size());
        for (Network network : host.networks.list()) {
            Path bridge = Path.of("/sys/class/net", network.interfaceName());
            if (!network.interfaceName().isEmpty()) {
                assertThat(Files.exists(bridge)).as(when).isEqualTo(bridges.contains(network.interfaceName()));
            }
        }
        boolean named = host.networks
                .find(EXTRA)
                .filter(extra -> !host.networks.endpoints(extra).isEmpty())
                .isPresent();
        assertThat(host.nameServers()).as(when).isEqualTo(named ? 1 : 0);
        assertThat(host.rules()).as(when).contains("any4");
    }
}
