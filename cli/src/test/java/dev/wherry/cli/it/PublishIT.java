package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers on bridges of their own: ports that are published, addresses, name files, and what is left at the end. */
class PublishIT {

    private static final int TIMEOUT_MILLIS = 5000;

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void importImage() throws IOException, InterruptedException {
        Busybox.importInto(daemon);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        daemon.removeContainers();
        assertThat(daemon.runRoot().resolve("netns")).isEmptyDirectory();
    }

    private static String wherry(String... arguments) {
        return daemon.wherry(arguments).ok().stdout();
    }

    /** Runs busybox httpd, which answers with the name of its container, and returns when it listens. */
    private static void serve(String name, String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("run", "-d", "--name", name, "-h", name));
        command.addAll(List.of(options));
        // Httpd listens before it leaves its caller.
        String script =
                "rm -f /ready; mkdir -p /www; hostname > /www/index.html; httpd -p 80 -h /www; touch /ready; sleep 1000";
        command.addAll(List.of("busybox", "sh", "-c", script));
        wherry(command.toArray(String[]::new));
        awaitReady(name);
    }

    private static void awaitReady(String name) {
        Awaitility.await()
                .until(() -> daemon.wherry("exec", name, "test", "-e", "/ready").exitCode() == 0);
    }

    private static String get(String address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String hostAddress() throws IOException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("127.0.0.1");
    }

    @Test
    void publishedPortAnswersEverywhere() throws IOException {
        int port = freePort();
        serve("web", "-p", port + ":80");

        assertThat(get("127.0.0.1", port)).isEqualTo("web");
        assertThat(get(hostAddress(), port)).isEqualTo("web");
        assertThat(wherry("exec", "web", "wget", "-q", "-O", "-", "http://" + hostAddress() + ":" + port))
                .as("the container itself, by the address of the host")
                .isEqualTo("web\n");
        assertThat(wherry(
                        "run",
                        "--rm",
                        "--add-host",
                        "host:host-gateway",
                        "busybox",
                        "wget",
                        "-q",
                        "-O",
                        "-",
                        "http://host:" + port))
                .as("another container, by the gateway")
                .isEqualTo("web\n");
        assertThat(wherry("port", "web")).isEqualTo("80/tcp -> 0.0.0.0:" + port + "\n");
        assertThat(wherry("ps", "--format", "{{.Ports}}")).isEqualTo("0.0.0.0:" + port + "->80/tcp\n");
        assertThat(wherry("ps", "-q", "--filter", "publish=" + port)).isNotEmpty();
        assertThat(wherry("inspect", "-f", "{{(index (index .NetworkSettings.Ports \"80/tcp\") 0).HostPort}}", "web"))
                .isEqualTo(port + "\n");
    }

    @Test
    void portOfOneAddressAnswersThere() throws IOException {
        int port = freePort();
        serve("web", "-p", "127.0.0.1:" + port + ":80");

        assertThat(get("127.0.0.1", port)).isEqualTo("web");
        assertThat(wherry("port", "web", "80")).isEqualTo("127.0.0.1:" + port + "\n");
        Outcome outside = daemon.wherry(
                "run", "--rm", "busybox", "wget", "-T", "2", "-q", "-O", "-", "http://" + hostAddress() + ":" + port);
        assertThat(outside.exitCode()).isNotZero();
    }

    @Test
    void loopbackOfVersion6AnswersAlsoAfterACrash() throws Exception {
        int port = freePort();
        serve("web", "-p", port + ":80");

        assertThat(get("::1", port)).isEqualTo("web");
        daemon.kill();
        daemon.start();
        assertThat(get("::1", port)).isEqualTo("web");
        wherry("restart", "-t", "0", "web");
        awaitReady("web");
        assertThat(get("::1", port)).isEqualTo("web");
    }

    @Test
    void portOfANetworkWithVersion6AnswersAtTheHostsAddress() throws IOException {
        wherry("network", "create", "--ipv6", "six");
        try {
            int port = freePort();
            serve("web", "--network", "six", "-p", port + ":80");
            String gateway = wherry("inspect", "-f", "{{(index .NetworkSettings.Networks \"six\").IPv6Gateway}}", "web")
                    .strip();

            assertThat(get(gateway, port)).isEqualTo("web");
            assertThat(get("::1", port)).isEqualTo("web");
            assertThat(wherry("port", "web", "80")).isEqualTo("0.0.0.0:" + port + "\n[::]:" + port + "\n");
        } finally {
            daemon.removeContainers();
            wherry("network", "rm", "six");
        }
    }

    @Test
    void freePortsAreChosen() throws IOException {
        serve("all", "-P", "--expose", "80", "-p", "90");

        String[] first = wherry("port", "all", "80").strip().split(":");
        assertThat(get("127.0.0.1", Integer.parseInt(first[1]))).isEqualTo("all");
        assertThat(wherry("port", "all").lines()).hasSize(2);
    }

    @Test
    void portInUseRefusesTheStartAndLeavesNothing() throws IOException {
        int port = freePort();
        serve("holder", "-p", port + ":80");
        Outcome second = daemon.wherry("run", "-d", "--name", "second", "-p", port + ":80", "busybox", "sleep", "1000");

        assertThat(second.exitCode()).isEqualTo(125);
        assertThat(second.stderr().lines()).hasSize(1);
        assertThat(second.stderr()).contains(Integer.toString(port), "holder");
        assertThat(wherry("ps", "-a", "--filter", "name=second", "--format", "{{.State}}"))
                .isEqualTo("created\n");
        assertThat(daemon.runRoot().resolve("netns").toFile().list()).hasSize(1);
        assertThat(get("127.0.0.1", port)).isEqualTo("holder");

        wherry("rm", "-f", "holder");
        wherry("start", "second");
        try (ServerSocket taken = new ServerSocket(0)) {
            Outcome third = daemon.wherry("run", "-d", "-p", taken.getLocalPort() + ":80", "busybox", "true");
            assertThat(third.exitCode()).isEqualTo(125);
            assertThat(third.stderr()).contains(Integer.toString(taken.getLocalPort()), "in use");
        }
    }

    @Test
    void portIsFreeForTheNextContainerAtOnce() throws IOException {
        int port = freePort();
        for (int i = 0; i < 3; i++) {
            wherry("run", "--rm", "-p", port + ":80", "busybox", "true");
        }
    }

    @Test
    void portSurvivesRestartsOfContainerAndDaemon() throws Exception {
        int port = freePort();
        serve("web", "-p", port + ":80", "--restart", "always");

        wherry("restart", "-t", "0", "web");
        awaitReady("web");
        assertThat(get("127.0.0.1", port)).isEqualTo("web");
        daemon.restart();
        assertThat(get("127.0.0.1", port)).isEqualTo("web");
        daemon.kill();
        assertThat(get("127.0.0.1", port)).as("without a daemon").isEqualTo("web");
        daemon.start();
        assertThat(get("127.0.0.1", port)).isEqualTo("web");
        assertThat(wherry("port", "web", "80")).isEqualTo("0.0.0.0:" + port + "\n");
        wherry("rm", "-f", "web");
        try (Socket socket = new Socket()) {
            assertThat(catchThrowable(() -> socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void nameFilesAreDockers() {
        wherry(
                "run",
                "-d",
                "--name",
                "named",
                "-h",
                "box",
                "--domainname",
                "example.org",
                "--dns",
                "192.0.2.1",
                "--dns-search",
                "corp.example",
                "--add-host",
                "db:10.0.0.7",
                "busybox",
                "sleep",
                "1000");
        String address = wherry("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "named")
                .strip();

        assertThat(wherry("exec", "named", "cat", "/etc/hosts"))
                .contains("127.0.0.1\tlocalhost\n", "10.0.0.7\tdb\n")
                .endsWith(address + "\tbox.example.org box\n");
        assertThat(wherry("exec", "named", "cat", "/etc/resolv.conf"))
                .contains("nameserver 192.0.2.1\n", "search corp.example\n");
        assertThat(wherry("exec", "named", "cat", "/etc/hostname")).isEqualTo("box\n");
        assertThat(wherry("exec", "named", "hostname", "-i").strip()).isEqualTo(address);
    }

    @Test
    void editsOfNameFilesStay() {
        wherry("run", "-d", "--name", "edited", "busybox", "sleep", "1000");
        wherry(
                "exec",
                "edited",
                "sh",
                "-c",
                "echo '10.1.2.3 mine' >> /etc/hosts; echo 'nameserver 192.0.2.9' > /etc/resolv.conf");
        wherry("restart", "-t", "0", "edited");
        String address = wherry("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "edited")
                .strip();

        assertThat(wherry("exec", "edited", "cat", "/etc/hosts"))
                .contains("10.1.2.3 mine\n")
                .containsOnlyOnce("localhost ip6-localhost")
                .containsOnlyOnce(address + "\t");
        assertThat(wherry("exec", "edited", "cat", "/etc/resolv.conf")).isEqualTo("nameserver 192.0.2.9\n");
    }

    @Test
    void linkNamesTheOtherContainer() {
        wherry("run", "-d", "--name", "db", "busybox", "sleep", "1000");
        String address =
                wherry("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "db").strip();

        assertThat(wherry("run", "--rm", "--link", "db:data", "busybox", "grep", "data", "/etc/hosts"))
                .startsWith(address + "\tdata ")
                .endsWith(" db\n");
        wherry("create", "--name", "linked", "--link", "db:data", "busybox");
        assertThat(wherry("inspect", "-f", "{{.HostConfig.Links}}", "linked")).isEqualTo("[/db:/linked/data]\n");
        wherry("stop", "-t", "0", "db");
        Outcome refused = daemon.wherry("run", "--rm", "--link", "db:data", "busybox", "true");
        assertThat(refused.exitCode()).isEqualTo(125);
        assertThat(refused.stderr()).startsWith("wherry: Cannot link to a non running container: /db AS /");
    }

    @Test
    void networkOfAnotherContainerIsItsOwn() throws IOException {
        int port = freePort();
        serve("web", "-p", port + ":80");

        assertThat(wherry(
                        "run",
                        "--rm",
                        "--network",
                        "container:web",
                        "busybox",
                        "wget",
                        "-q",
                        "-O",
                        "-",
                        "http://127.0.0.1"))
                .isEqualTo("web\n");
    }

    @Test
    void contradictionsAreRefusedInDockersWords() {
        wherry("create", "--name", "some", "busybox");
        refused("user specified IP address is supported on user defined networks only", "--ip", "172.17.0.9");
        refused("network-scoped aliases are only supported for user-defined networks", "--network-alias", "x");
        refused(
                "conflicting options: port publishing and the container type network mode",
                "--network",
                "container:some",
                "-p",
                "80:80");
        refused("x is not a valid mac address", "--mac-address", "x");
        refused("network nosuch not found", "--network", "nosuch");
        assertThat(daemon.wherry("create", "--network", "host", "-p", "80:80", "busybox")
                        .ok()
                        .stderr())
                .contains("Published ports are discarded when using host network mode");
    }

    private static void refused(String sentence, String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("run", "--rm"));
        command.addAll(List.of(options));
        command.add("busybox");
        Outcome outcome = daemon.wherry(command.toArray(String[]::new));
        assertThat(outcome.exitCode()).isEqualTo(125);
        assertThat(outcome.stderr()).isEqualTo("wherry: " + sentence + "\n");
    }

    @Test
    void stepsOfBuildsDoNotShareTheirPorts() throws Exception {
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM busybox AS a
                RUN httpd -h / -p 80 && wget -q -O /dev/null http://127.0.0.1/bin/busybox && ip -4 addr show eth0 | grep inet > /a
                FROM busybox AS b
                RUN httpd -h / -p 80 && wget -q -O /dev/null http://127.0.0.1/bin/busybox && ip -4 addr show eth0 | grep inet > /b
                FROM busybox
                COPY --from=a /a /
                COPY --from=b /b /
                RUN --network=none ! ip addr show eth0 2>/dev/null
                """);
        wherry("build", "-q", "-t", "ports", context.toString());

        assertThat(wherry("run", "--rm", "ports", "cat", "/a"))
                .isNotEqualTo(wherry("run", "--rm", "ports", "cat", "/b"));
    }
}
