package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Networks of users: their commands, and ports that lead to them. */
class NetworkIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @AfterEach
    void clean() {
        daemon.removeContainers();
        daemon.wherry("network", "prune", "-f").ok();
    }

    private static void run(String name, String... options) {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "busybox",
                "sh",
                "-c",
                "mkdir -p /www; echo " + name + " >/www/index.html; exec httpd -f -p 80 -h /www"));
        daemon.wherry(command.toArray(String[]::new)).ok();
    }

    @Test
    void networkIsCreatedShownAndRemoved() {
        String id = daemon.wherry(
                        "network",
                        "create",
                        "--subnet",
                        "10.77.0.0/24",
                        "--ip-range",
                        "10.77.0.64/26",
                        "--aux-address",
                        "router=10.77.0.65",
                        "--label",
                        "team=blue",
                        "lab")
                .ok()
                .line();
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(daemon.wherry("network", "ls", "--format", "{{.ID}} {{.Name}} {{.Driver}} {{.Scope}}")
                        .ok()
                        .stdout())
                .contains(id.substring(0, 12) + " lab bridge local");
        assertThat(daemon.wherry("network", "ls", "-q", "--no-trunc", "-f", "label=team=blue")
                        .ok()
                        .line())
                .isEqualTo(id);
        assertThat(daemon.wherry("network", "inspect", "-f", "{{json .IPAM.Config}}", id.substring(0, 7))
                        .ok()
                        .line())
                .isEqualTo("[{\"Subnet\":\"10.77.0.0/24\",\"IPRange\":\"10.77.0.64/26\",\"Gateway\":\"10.77.0.1\","
                        + "\"AuxiliaryAddresses\":{\"router\":\"10.77.0.65\"}}]");

        assertThat(daemon.wherry("network", "create", "lab").refuses(1))
                .isEqualTo("wherry: network with name lab already exists");
        assertThat(daemon.wherry("network", "rm", "bridge").refuses(1))
                .isEqualTo("wherry: bridge is a pre-defined network and cannot be removed");
        assertThat(daemon.wherry("network", "rm", "nope").refuses(1)).isEqualTo("wherry: network nope not found");
        daemon.wherry("network", "rm", "-f", "nope").ok();

        assertThat(daemon.wherry("network", "rm", "lab").ok().line()).isEqualTo("lab");
        assertThat(daemon.wherry(
                                "events",
                                "--since",
                                "1h",
                                "--until",
                                "0s",
                                "--filter",
                                "network=lab",
                                "--format",
                                "{{.Type}} {{.Action}} {{.Actor.ID}}")
                        .ok()
                        .stdout())
                .isEqualTo("network create " + id + "\nnetwork destroy " + id + "\n");
    }

    @Test
    void containerThatHasEndedIsNotOnItsNetwork() {
        for (int i = 0; i < 10; i++) {
            daemon.wherry("network", "create", "left").ok();
            daemon.wherry("run", "--rm", "--network", "left", "busybox", "true").ok();
            assertThat(daemon.wherry("network", "inspect", "-f", "{{len .Containers}}", "left")
                            .ok()
                            .line())
                    .isEqualTo("0");
            assertThat(daemon.wherry("network", "prune", "-f").ok().stdout()).isEqualTo("Deleted Networks:\nleft\n\n");
        }
    }

    @Test
    void publishedPortAnswersAndSurvivesTheDaemonAndAReloadOfTheFirewall() throws Exception {
        daemon.wherry("network", "create", "app").ok();
        run("web", "--network", "app", "-p", "127.0.0.1::80");
        String published = daemon.wherry("port", "web", "80").ok().line();
        assertThat(fetch(published)).isEqualTo("web\n");

        daemon.kill();
        daemon.start();
        assertThat(fetch(published)).isEqualTo("web\n");

        String table = "wherry-"
                + daemon.wherry(
                                "network",
                                "inspect",
                                "-f",
                                "{{index .Options \"com.docker.network.bridge.name\"}}",
                                "bridge")
                        .ok()
                        .line()
                        .replace("wherry-", "");
        Process nft = new ProcessBuilder("nft", "delete", "table", "inet", table)
                .inheritIO()
                .start();
        assertThat(nft.waitFor()).isZero();
        daemon.wherry("network", "reload").ok();
        assertThat(fetch(published)).isEqualTo("web\n");
        assertThat(daemon.wherry("run", "--rm", "-p", published + ":80", "busybox", "true")
                        .refuses(125))
                .contains("port " + published + "/tcp is already in use by container \"web\"");
    }

    private static String fetch(String address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + address + "/").toURL().openConnection();
        connection.setConnectTimeout(5000);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void networkWithBothVersionsOfIpResolvesBoth() {
        daemon.wherry("network", "create", "--ipv6", "six").ok();
        run("web", "--network", "six");
        String address = daemon.wherry(
                        "inspect", "-f", "{{(index .NetworkSettings.Networks \"six\").GlobalIPv6Address}}", "web")
                .ok()
                .line();

        assertThat(daemon.wherry("run", "--rm", "--network", "six", "busybox", "ping6", "-c", "1", "-W", "2", address)
                        .ok()
                        .stdout())
                .contains(" 0% packet loss");
    }
}
