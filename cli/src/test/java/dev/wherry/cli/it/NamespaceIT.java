package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Teams on one machine whose roles name a namespace each: none sees what the others have. */
class NamespaceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final Daemon daemon = Authority.daemon()
            .option(Namespaces.roles().toArray(String[]::new))
            .option("--role", "cn:red-*=operator namespace=red")
            .option("--role", "cn:blue-*=operator namespace=blue");

    private static final Namespaces teams = new Namespaces(daemon);

    @BeforeEach
    void openSocket() throws IOException {
        teams.openSocket();
    }

    @AfterEach
    void removeContainers() {
        teams.removeContainers();
    }

    private static Outcome with(Path identity, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(Authority.flags(daemon, identity));
        all.addAll(List.of(arguments));
        return daemon.wherry(all.toArray(String[]::new));
    }

    private static Path context(String content) throws IOException {
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(context.resolve("file"), content);
        Files.writeString(
                context.resolve("Dockerfile"), "FROM busybox\nCOPY file /file\nRUN cp /file /copy\nEXPOSE 80\n");
        context.toFile().setReadable(true, false);
        context.toFile().setExecutable(true, false);
        return context;
    }

    /** A client of one namespace. */
    private interface Client {
        Outcome run(String... arguments) throws IOException;

        /** Serves the root of its image at a port of the host. */
        default void serve(int port) throws IOException {
            run(
                            "run",
                            "-d",
                            "--name",
                            "web",
                            "--network",
                            "net",
                            "-p",
                            port + ":80",
                            "-v",
                            "data:/data",
                            "app",
                            "httpd",
                            "-f",
                            "-h",
                            "/")
                    .ok();
        }
    }

    /** Both have an image, a container, a volume and a network of the same names, at the same time. */
    private static void seeNothingOfEachOther(Client red, Client blue, int port) throws Exception {
        String tar = Busybox.tar(daemon.home()).toString();
        for (Client client : List.of(red, blue)) {
            client.run("import", tar, "busybox").ok();
        }
        red.run("build", "-q", "-t", "app", context("red").toString()).ok();
        assertThat(blue.run("images", "-q", "app").ok().line()).isEmpty();
        String built = blue.run(
                        "build",
                        "--progress",
                        "plain",
                        "-t",
                        "app",
                        context("blue").toString())
                .ok()
                .stderr();
        assertThat(built).contains("RUN cp");
        for (Client client : List.of(red, blue)) {
            client.run("volume", "create", "data").ok();
            client.run("network", "create", "net").ok();
        }
        red.serve(port);
        blue.serve(port + 1);

        assertThat(blue.run("run", "--rm", "-p", port + ":80", "app", "true")
                        .exits(125)
                        .stderr())
                .contains(Integer.toString(port));
        assertThat(subnets(red)).doesNotContainAnyElementsOf(subnets(blue)).hasSize(2);
        assertThat(red.run("exec", "web", "cat", "/copy").ok().line()).isEqualTo("red");
        assertThat(blue.run("exec", "web", "cat", "/copy").ok().line()).isEqualTo("blue");
        assertThat(get(port)).isEqualTo("red");
        assertThat(get(port + 1)).isEqualTo("blue");
        assertThat(red.run("exec", "web", "nslookup", "web").ok().stdout())
                .isNotEqualTo(blue.run("exec", "web", "nslookup", "web").ok().stdout());
        red.run("exec", "web", "touch", "/data/of-red").ok();
        assertThat(blue.run("exec", "web", "ls", "/data").ok().line()).isEmpty();
        assertThat(red.run("ps", "-q", "--no-trunc").ok().line())
                .hasSize(64)
                .isNotEqualTo(blue.run("ps", "-q", "--no-trunc").ok().line());

        String since = Long.toString(System.currentTimeMillis() / 1000);
        Thread.sleep(1100);
        red.run("volume", "create", "only-red").ok();
        assertThat(blue.run("volume", "ls", "-q").ok().stdout()).doesNotContain("only-red");
        assertThat(events(red, since)).contains("only-red");
        assertThat(events(blue, since)).doesNotContain("only-red");
        assertThat(daemon.wherry("ps", "-aq").ok().line()).isEmpty();
        assertThat(daemon.wherry("images", "-q").ok().line()).isEmpty();
        assertThat(daemon.wherry("volume", "ls", "-q").ok().line()).isEmpty();

        for (Client client : List.of(red, blue)) {
            client.run("rm", "-f", "web").ok();
            client.run("volume", "prune", "-af").ok();
            client.run("network", "rm", "net").ok();
            client.run("rmi", "-f", "app", "busybox").ok();
            client.run("builder", "prune", "-af").ok();
        }
    }

    private static List<String> subnets(Client client) throws IOException {
        return client.run("network", "inspect", "-f", "{{range .IPAM.Config}}{{.Subnet}}{{end}}", "bridge", "net")
                .ok()
                .stdout()
                .lines()
                .toList();
    }

    private static String events(Client client, String since) throws IOException {
        return client.run("events", "--since", since, "--until", Long.toString(System.currentTimeMillis() / 1000 + 1))
                .ok()
                .stdout();
    }

    private static String get(int port) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            HttpURLConnection connection =
                                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/copy")
                                            .toURL()
                                            .openConnection();
                            try (InputStream answer = connection.getInputStream()) {
                                return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
                            }
                        },
                        text -> !text.isEmpty());
    }

    @Test
    void usersOfTheSocketSeeNothingOfEachOther() throws Exception {
        seeNothingOfEachOther(
                arguments -> teams.as(Namespaces.RED, arguments),
                arguments -> teams.as(Namespaces.BLUE, arguments),
                28_611);
    }

    @Test
    void certificatesSeeNothingOfEachOther() throws Exception {
        Path red = Authority.issue(daemon, "red-1", "reader");
        Path blue = Authority.issue(daemon, "blue-1", "reader");

        seeNothingOfEachOther(arguments -> with(red, arguments), arguments -> with(blue, arguments), 28_621);
    }

    @Test
    void certificateMayNameItsNamespace() throws Exception {
        Path identity = daemon.home().resolve("g");
        Authority.pki(
                daemon.root(),
                "issue",
                "g",
                "--role",
                "operator",
                "--namespace",
                "green",
                "--out",
                identity.toString());

        with(identity, "volume", "create", "green").ok();

        assertThat(teams.asRoot("green", "volume", "ls", "-q").ok().line()).isEqualTo("green");
        assertThat(with(identity, "info").ok().stdout()).contains("Namespace: green");
        with(identity, "volume", "rm", "green").ok();
    }

    @Test
    void rootReachesANamespaceByItsOwnSocketAndNobodyElseDoes() throws Exception {
        teams.as(Namespaces.RED, "volume", "create", "mine").ok();

        assertThat(teams.asRoot("red", "volume", "ls", "-q").ok().line()).isEqualTo("mine");
        assertThat(teams.at(teams.socket("red"), Namespaces.BLUE, "volume", "ls")
                        .exits(1)
                        .stderr())
                .contains("permission denied");
        teams.as(Namespaces.RED, "volume", "rm", "mine").ok();

        Path folder = daemon.runRoot().resolve("namespaces");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(teams.socket("red"), PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            for (int stranger : List.of(Namespaces.BLUE, Namespaces.NOBODYS)) {
                assertThat(teams.at(teams.socket("red"), stranger, "volume", "ls")
                                .exits(1)
                                .stderr())
                        .contains("permission denied: user " + stranger + " belongs to ")
                        .contains("and this is the namespace red");
            }
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The beginning of a connection that is handed over: a length, the kind of a local user, and root's numbers. */
    private static ByteBuffer forged() {
        return ByteBuffer.allocate(21)
                .putInt(17)
                .put((byte) 1)
                .putInt(0)
                .putInt(0)
                .putInt(1)
                .putInt(0)
                .flip();
    }

    @Test
    void whoSaysThatSomebodyElseCallsIsNotBelieved() throws Exception {
        teams.as(Namespaces.RED, "volume", "ls").ok();
        Path relay = teams.socket("red").resolveSibling("relay.sock");
        Path folder = daemon.runRoot().resolve("namespaces");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(relay, PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            // Even where the file system lets them in.
            assertThat(teams.at(relay, Namespaces.BLUE, "volume", "ls").exitCode())
                    .isNotZero();
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        for (Path served : List.of(daemon.socket(), teams.socket("red"))) {
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(served))) {
                ByteBuffer bytes = forged();
                client.write(bytes);
                client.write(ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(1024);
                client.read(answer);
                // No settings of HTTP/2, which is what a connection that was taken begins with.
                assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1))
                        .as("%s", served)
                        .matches("(?s)|HTTP/\\S+ [45][0-9]{2}.*");
            }
        }
    }

    @Test
    void fullNamespaceTakesNothingMoreUntilSomethingGoes() throws Exception {
        String full = "disk quota: the namespace small may take 20MiB, and takes ";
        String busybox = Busybox.tar(daemon.home()).toString();
        teams.as(Namespaces.SMALL, "import", busybox, "busybox").ok();
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.setPosixFilePermissions(context, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM busybox\nRUN dd if=/dev/urandom of=/big bs=1M count=30\nRUN true\n");

        assertThat(teams.as(Namespaces.SMALL, "build", context.toString())
                        .exits(1)
                        .stderr())
                .contains(full);
        // What the build left in the cache makes room.
        teams.as(Namespaces.SMALL, "create", "--name", "first", "busybox", "true")
                .ok();
        Host.sh(daemon.home(), "mkdir big; head -c 30000000 /dev/urandom > big/file; tar -C big -cf big.tar file");
        teams.as(Namespaces.SMALL, "import", daemon.home().resolve("big.tar").toString(), "big")
                .ok();

        Path saved = daemon.home().resolve("saved.tar");
        daemon.wherry("import", busybox, "saved").ok();
        daemon.wherry("save", "-o", saved.toString(), "saved").ok();
        saved.toFile().setReadable(true, false);
        daemon.wherry("rmi", "saved").ok();
        for (List<String> growing : List.of(
                List.of("create", "busybox", "true"),
                List.of("commit", "first", "second"),
                List.of("import", busybox, "second"),
                List.of("load", "-i", saved.toString()),
                List.of("pull", "127.0.0.1:1/nothing"),
                List.of("build", context.toString()))) {
            assertThat(teams.as(Namespaces.SMALL, growing.toArray(String[]::new))
                            .exitCode())
                    .as(String.join(" ", growing))
                    .isNotZero();
            assertThat(teams.as(Namespaces.SMALL, growing.toArray(String[]::new))
                            .stderr())
                    .as(String.join(" ", growing))
                    .contains(full);
        }
        assertThat(teams.as(Namespaces.SMALL, "info").ok().stdout()).contains("Namespace: small (20MiB of disk)");

        teams.as(Namespaces.SMALL, "rmi", "big").ok();
        teams.as(Namespaces.SMALL, "create", "--name", "second", "busybox", "true")
                .ok();
        teams.as(Namespaces.SMALL, "rm", "first", "second").ok();
    }

    @Test
    void clientIsToldWhyTheDaemonOfItsNamespaceCannotStart() throws Exception {
        Path root = daemon.root().resolve("namespaces/broken");
        Files.createDirectories(root.getParent());
        Files.writeString(root, "not a folder");

        assertThat(teams.as(Namespaces.BROKEN, "ps").refuses(1))
                .contains("the daemon of the namespace broken cannot start: " + root + " is not a folder");
        Path identity = daemon.home().resolve("b");
        Authority.pki(
                daemon.root(),
                "issue",
                "b",
                "--role",
                "operator",
                "--namespace",
                "broken",
                "--out",
                identity.toString());
        assertThat(with(identity, "ps").refuses(1)).contains("the daemon of the namespace broken cannot start: ");
        teams.as(Namespaces.RED, "ps").ok();

        Files.delete(root);
        await().atMost(PATIENCE)
                .untilAsserted(() -> teams.as(Namespaces.BROKEN, "ps").ok());
    }
}
