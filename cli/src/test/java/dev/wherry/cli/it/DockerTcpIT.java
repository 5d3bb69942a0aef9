package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Docker's API by TCP with certificates, and the namespaces of those who call, also by its unix socket. */
class DockerTcpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MUCH = 4 << 20;

    private static final String ASK = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            s.send(f"{sys.argv[2]} {sys.argv[3]} HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n".encode())
            sys.stdout.write(s.makefile().read())
            """;

    @RegisterExtension
    static final Daemon daemon = Authority.daemon()
            .option("--docker-listen", "tcp://127.0.0.1:0")
            .option("--audit-log", "log")
            .option(Namespaces.roles().toArray(String[]::new))
            .option("--role", "cn:red-*=operator namespace=red");

    private static Path admin;
    private static int port;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        admin = Authority.issue(daemon, "admin", "admin");
        port = Authority.dockerPort(daemon);
        daemon.wherry("run", "-d", "--name", "one", "--network", "none", "-i", "busybox", "sleep", "1000")
                .ok();
    }

    private static DockerSocket connect(Path identity) throws Exception {
        Socket tcp = new Socket("127.0.0.1", port);
        return DockerSocket.to(
                (SSLSocket) Authority.tls(identity).getSocketFactory().createSocket(tcp, "127.0.0.1", port, true), tcp);
    }

    private static DockerSocket.Answer call(Path identity, String method, String path, String... body)
            throws Exception {
        try (DockerSocket socket = connect(identity)) {
            return socket.ask(method, path, body);
        }
    }

    private static String exec(DockerSocket socket, String command) throws IOException {
        return socket.ask(
                        "POST",
                        "/containers/one/exec",
                        "{'Cmd':['sh','-c','" + command + "'],'AttachStdin':true,'AttachStdout':true}")
                .is(201)
                .json()
                .get("Id")
                .textValue();
    }

    @Test
    void certificateHasItsRoleAndItsLineInTheAuditLog() throws Exception {
        Path reader = Authority.issue(daemon, "reads", "reader");

        assertThat(call(reader, "GET", "/containers/json").is(200).json()).hasSize(1);
        assertThat(call(reader, "POST", "/volumes/create", "{'Name':'v'}")
                        .is(403)
                        .text())
                .contains("has the role reader");
        call(admin, "POST", "/volumes/create", "{'Name':'audited'}").is(201);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(auditLine("admin").isPresent()).isTrue());
        JsonNode line = auditLine("admin").orElseThrow();
        assertThat(line.get("caller").textValue()).isEqualTo("certificate CN=admin,O=wherry:admin");
        assertThat(line.get("from").textValue()).isEqualTo("127.0.0.1");
        assertThat(line.get("target").textValue()).isEqualTo("audited");
        call(admin, "DELETE", "/volumes/audited").is(204);
    }

    private static Optional<JsonNode> auditLine(String name) throws IOException {
        for (String line : daemon.log().lines().toList()) {
            int begin = line.indexOf("{\"time\"");
            if (begin >= 0 && line.contains("VolumeService/Create") && line.contains("CN=" + name)) {
                return Optional.of(JSON.readTree(line.substring(begin)));
            }
        }
        return Optional.empty();
    }

    @Test
    void whoShowsNoCertificateOrSpeaksWithoutTlsIsRefused() throws Exception {
        Path mallory = Authority.issueByAnother(daemon, "mallory");

        assertThatThrownBy(() -> call(mallory, "GET", "/_ping")).isInstanceOf(IOException.class);
        try (Socket plain = new Socket("127.0.0.1", port)) {
            plain.getOutputStream().write("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1 200");
        } catch (IOException reset) {
            // As good.
        }
    }

    @Test
    void endOfInputIsPassedOnAndTheOutputGoesOn() throws Exception {
        try (DockerSocket socket = connect(admin)) {
            String id = exec(socket, "wc -c; head -c " + MUCH + " /dev/zero; echo end >&2");
            assertThat(socket.upgrade("/exec/" + id + "/start", "{}").status()).isEqualTo(101);
            socket.write(new byte[MUCH]);
            socket.endInput();
            String out = socket.frames().get(1);
            assertThat(out).startsWith(MUCH + "\n").hasSize((MUCH + "\n").length() + MUCH);
        }
        try (DockerSocket socket = connect(admin)) {
            String id = exec(socket, "true");
            assertThat(socket.upgrade("/exec/" + id + "/start", "{}").status()).isEqualTo(101);
            // The end of the process is that of the connection.
            assertThat(socket.input().readAllBytes()).isEmpty();
        }
    }

    @Test
    void clientThatVanishesEndsItsCall() throws Exception {
        long before = daemon.threads();
        for (int i = 0; i < 20; i++) {
            DockerSocket waiting = connect(admin);
            waiting.send("POST", "/containers/one/wait", new byte[0], "");
            waiting.head();
            DockerSocket attached = connect(admin);
            attached.upgrade("/containers/one/attach?stream=1&stdin=1&stdout=1", "");
            waiting.close();
            attached.vanish();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(daemon.threads()).isLessThan(before + 10));
    }

    @Test
    void certificateOfANamespaceReachesWhatIsInIt() throws Exception {
        Path red = Authority.issue(daemon, "red-1", "reader");

        assertThat(call(red, "GET", "/containers/json?all=1").is(200).json()).isEmpty();
        call(red, "POST", "/volumes/create", "{'Name':'reds'}").is(201);
        assertThat(call(red, "GET", "/volumes").json().get("Volumes")).hasSize(1);
        assertThat(daemon.wherry("volume", "ls", "-q").ok().stdout()).doesNotContain("reds");
        assertThat(asUser(Namespaces.RED, "GET", "/volumes").stdout()).contains("\"reds\"");
        assertThat(asUser(Namespaces.BLUE, "GET", "/volumes").stdout()).doesNotContain("\"reds\"");
        call(red, "DELETE", "/volumes/reds").is(204);
    }

    @Test
    void streamsOfANamespaceAreTakenOverToo() throws Exception {
        Path red = Authority.issue(daemon, "red-2", "reader");
        byte[] image =
                DockerSocket.call(daemon, "GET", "/images/busybox/get").is(200).body();
        try (DockerSocket socket = connect(red)) {
            socket.send("POST", "/images/load", image, "Content-Type: application/x-tar\r\n");
            socket.answer("POST").is(200);
        }
        call(
                        red,
                        "POST",
                        "/containers/create?name=cat",
                        "{'Image':'busybox','Cmd':['cat'],'OpenStdin':true,'StdinOnce':true}")
                .is(201);
        try (DockerSocket socket = connect(red)) {
            assertThat(socket.upgrade("/containers/cat/attach?stream=1&stdin=1&stdout=1", "")
                            .status())
                    .isEqualTo(101);
            call(red, "POST", "/containers/cat/start").is(204);
            socket.write("through two daemons".getBytes(StandardCharsets.UTF_8));
            socket.endInput();
            assertThat(socket.frames()).containsEntry(1, "through two daemons");
        }
        call(red, "DELETE", "/containers/cat?force=1").is(204);
    }

    @Test
    void clientIsToldWhyTheDaemonOfItsNamespaceCannotStart() throws Exception {
        Path root = daemon.root().resolve("namespaces/broken");
        Files.createDirectories(root.getParent());
        Files.writeString(root, "not a folder");

        assertThat(asUser(Namespaces.BROKEN, "GET", "/containers/json").stdout())
                .contains("the daemon of the namespace broken cannot start: ");
    }

    /** One request on the unix socket, by a program of that user. */
    private static Outcome asUser(int user, String method, String path) throws IOException {
        for (Path folder : List.of(daemon.home(), daemon.runRoot())) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(daemon.dockerSocket(), PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "python3",
                "-c",
                ASK,
                daemon.dockerSocket().toString(),
                method,
                path);
        return Outcome.of(command, new ProcessBuilder(command).start(), PATIENCE);
    }
}
