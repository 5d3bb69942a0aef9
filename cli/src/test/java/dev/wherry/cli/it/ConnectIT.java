package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.app.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers on networks that users made: names, several networks, connecting and disconnecting. */
class ConnectIT {

    private static final int CONNECTS = Integer.getInteger("wherry.connects", 50);

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void importImage() throws IOException, InterruptedException {
        Busybox.importInto(daemon);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        daemon.removeContainers();
        wherry("network", "prune", "-f");
        assertThat(daemon.runRoot().resolve("netns")).isEmptyDirectory();
        assertThat(Holdings.wrong(daemon)).isEmpty();
    }

    private static String wherry(String... arguments) {
        return daemon.wherry(arguments).ok().stdout();
    }

    private static void sleeping(String name, String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("run", "-d", "--name", name));
        command.addAll(List.of(options));
        command.addAll(List.of("busybox", "sleep", "1000"));
        wherry(command.toArray(String[]::new));
    }

    private static String address(String container, String network) {
        return wherry("inspect", "-f", "{{(index .NetworkSettings.Networks \"" + network + "\").IPAddress}}", container)
                .strip();
    }

    private static boolean reaches(String container, String target) {
        return daemon.wherry("exec", container, "ping", "-c", "1", "-W", "3", target)
                        .exitCode()
                == 0;
    }

    @Test
    void containersFindEachOtherByNameAliasAndId() {
        wherry("network", "create", "front");
        sleeping("web", "--network", "front", "--network-alias", "www");
        sleeping("db", "--network", "name=front,alias=data");
        String id = wherry("inspect", "-f", "{{.Id}}", "web").substring(0, 12);

        for (String name : List.of("web", "www", id)) {
            assertThat(reaches("db", name)).as(name).isTrue();
        }
        assertThat(reaches("web", "data")).isTrue();
        wherry("restart", "-t", "0", "web");
        assertThat(reaches("db", "www")).as("after a restart").isTrue();
        wherry("rename", "web", "site");
        assertThat(reaches("db", "site")).as("after it was renamed").isTrue();
        wherry("stop", "-t", "0", "db");
        assertThat(reaches("site", "db")).as("a stopped one").isFalse();
        assertThat(wherry("ps", "--format", "{{.Networks}}", "--filter", "network=front"))
                .isEqualTo("front\n");
    }

    @Test
    void networksAreApartUntilAContainerIsConnected() throws Exception {
        wherry("network", "create", "front");
        wherry("network", "create", "back");
        sleeping("web", "--network", "front");
        sleeping("db", "--network", "back");
        String db = address("db", "back");

        assertThat(reaches("web", "db")).isFalse();
        assertThat(reaches("web", db)).isFalse();
        wherry("network", "connect", "--alias", "gate", "back", "web");
        assertThat(reaches("web", "db")).isTrue();
        assertThat(reaches("db", "gate")).isTrue();
        assertThat(wherry("exec", "web", "cat", "/etc/hosts"))
                .contains(address("web", "front"), address("web", "back"));
        daemon.kill();
        daemon.start();
        assertThat(reaches("web", "db")).as("after a crash").isTrue();
        assertThat(wherry("ps", "--format", "{{.Networks}}", "--filter", "name=web"))
                .isEqualTo("front,back\n");
        wherry("network", "disconnect", "back", "web");
        assertThat(reaches("web", db)).isFalse();
        assertThat(wherry("exec", "web", "ip", "-o", "link")).doesNotContain("eth1");
        Outcome again = daemon.wherry("network", "disconnect", "back", "web");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.stderr()).contains("is not connected to network back");
    }

    @Test
    void connectingAndDisconnectingLeavesNothing() throws Exception {
        wherry("network", "create", "front");
        wherry("network", "create", "back");
        // It keeps the bridge and the name server of the network.
        sleeping("db", "--network", "back");
        sleeping("web", "--network", "front");
        connectAndDisconnect(1);
        Object before = things();

        long start = System.nanoTime();
        connectAndDisconnect(CONNECTS);
        System.out.printf(
                "ConnectIT: connected and disconnected %d times, %.1f ms each time%n",
                CONNECTS, (System.nanoTime() - start) / 1e6 / CONNECTS);

        assertThat(things()).isEqualTo(before);
        assertThat(NetworkHoldings.wrong(daemon)).isEmpty();
    }

    private static void connectAndDisconnect(int times) {
        for (int i = 0; i < times; i++) {
            for (String verb : List.of("connect", "disconnect")) {
                InProcess.Result result = InProcess.wherry("unix://" + daemon.socket(), "network", verb, "back", "web");
                assertThat(result.exitCode()).as(result.stderr()).isZero();
            }
        }
    }

    /** Links, rules, rows, files and processes. */
    private static List<Object> things() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.walk(daemon.runRoot())) {
            return List.of(
                    wherry("exec", "web", "ip", "-o", "link").lines().count(),
                    NetworkHoldings.rules(daemon),
                    Holdings.rows(daemon),
                    files.map(Path::toString).sorted().toList(),
                    Host.processes(daemon.home()).size());
        }
    }

    @Test
    void stoppedContainerIsConnectedWhenItStarts() {
        wherry("network", "create", "--subnet", "10.87.0.0/24", "front");
        wherry("create", "--name", "later", "busybox", "sleep", "1000");
        wherry("network", "connect", "--ip", "10.87.0.7", "front", "later");
        wherry("network", "disconnect", "bridge", "later");
        wherry("start", "later");

        assertThat(address("later", "front")).isEqualTo("10.87.0.7");
        assertThat(wherry("exec", "later", "ip", "-o", "-4", "addr"))
                .contains("10.87.0.7")
                .doesNotContain("eth1");
        wherry("restart", "-t", "0", "later");
        assertThat(address("later", "front")).isEqualTo("10.87.0.7");
    }

    @Test
    void containerIsOnSeveralNetworksAtOnce() {
        wherry("network", "create", "front");
        wherry("network", "create", "back");
        sleeping("web", "--network", "front", "--network", "name=back,gw-priority=1,mac-address=02:42:0a:00:00:99");

        assertThat(wherry("exec", "web", "ip", "-o", "-4", "addr"))
                .contains("eth0    inet " + address("web", "front"), "eth1    inet " + address("web", "back"));
        assertThat(wherry("exec", "web", "cat", "/sys/class/net/eth1/address")).isEqualTo("02:42:0a:00:00:99\n");
        assertThat(wherry("exec", "web", "ip", "route")).containsPattern("default via [0-9.]+ dev eth1");
    }

    @Test
    void networkThatIsGoneRefusesTheStartInOneLine() {
        wherry("network", "create", "gone");
        wherry("create", "--name", "orphan", "--network", "gone", "busybox", "sleep", "1000");
        wherry("network", "rm", "gone");
        Outcome start = daemon.wherry("start", "orphan");

        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.stderr()).contains("network gone not found").hasLineCount(1);
    }

    @Test
    void networkIsFreeAsSoonAsItsLastContainerHasAnswered() {
        for (int i = 0; i < 3; i++) {
            wherry("network", "create", "brief");
            wherry("run", "--rm", "--network", "brief", "busybox", "true");
            wherry("network", "rm", "brief");
        }
    }

    @Test
    void networksOfTheHostAndOfOthersAreNotChanged() {
        wherry("network", "create", "front");
        sleeping("shared", "--network", "host");
        sleeping("alone", "--network", "none");

        assertThat(daemon.wherry("network", "connect", "front", "shared")
                        .exits(1)
                        .stderr())
                .contains("container sharing network namespace with another container or host cannot be connected");
        assertThat(daemon.wherry("network", "connect", "front", "alone")
                        .exits(1)
                        .stderr())
                .contains("one of the networks in private (none) mode");
    }
}
