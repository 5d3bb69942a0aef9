package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users of this host with roles: what they may do, and what the daemon reads for them. */
class AccessIT {

    private static final Duration CALL = Duration.ofSeconds(120);
    private static final int ADMIN = 60_000;
    private static final int OPERATOR = 60_001;
    private static final int BUILDER = 60_002;
    private static final int READER = 60_003;
    private static final int NOBODY = 60_004;
    private static final int BOUNDED_OPERATOR = 60_005;
    private static final int BOUNDED_BUILDER = 60_006;
    private static final int CI_GROUP = 60_010;

    @RegisterExtension
    static final Daemon daemon = new Daemon(
            "--role", "user:" + ADMIN + "=admin",
            "--role", "user:" + OPERATOR + "=operator",
            "--role", "group:" + CI_GROUP + "=builder",
            "--role", "user:" + READER + "=reader",
            "--role", "user:" + BOUNDED_OPERATOR + "=operator memory=100MiB",
            "--role", "user:" + BOUNDED_BUILDER + "=builder builds=1",
            "--builder-repository", "example.com/team");

    /** The socket's mode says who may try; the roles say who may do what. */
    @BeforeAll
    static void prepare() throws Exception {
        daemon.option("--audit-log", audit().toString());
        daemon.option("--operator-path", listed().toString());
        daemon.restart();
        Busybox.importInto(daemon);
        for (Path folder : List.of(daemon.home(), daemon.runRoot())) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (Path socket : List.of(daemon.socket(), daemon.dockerSocket())) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    private static Path listed() {
        return daemon.home().resolve("listed");
    }

    private static Path audit() {
        return daemon.home().resolve("audit.log");
    }

    /** Runs the client as a user of this host. */
    private static Outcome as(int user, String... arguments) throws IOException {
        return Outcome.of(List.of(arguments), start(user, arguments), CALL);
    }

    private static Process start(int user, String... arguments) throws IOException {
        String groups = user == BUILDER ? "--groups=" + CI_GROUP : "--clear-groups";
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, groups));
        command.addAll(Host.program("wherry.cli", arguments));
        ProcessBuilder client =
                new ProcessBuilder(command).directory(daemon.home().toFile());
        client.environment().put("WHERRY_HOST", "unix://" + daemon.socket());
        client.environment().put("HOME", "/nonexistent");
        return client.start();
    }

    @Test
    void readerListsAndInspectsAndNothingElse() throws IOException {
        as(READER, "images").ok();
        as(READER, "inspect", "busybox").ok();
        assertThat(as(READER, "run", "busybox", "true").stderr())
                .contains(
                        "permission denied: user 60003 has the role reader, and wherry.v1.ContainerService/Create needs"
                                + " the role operator");
        assertThat(as(READER, "rmi", "busybox").stderr()).contains("needs the role builder");
    }

    /** Docker's API lets nobody do more than {@code wherry} does, and is written down as that. */
    @Test
    void rolesHoldForDockersApi() throws IOException {
        assertThat(docker(READER, "GET", "/containers/json")).startsWith("200 ");
        assertThat(docker(READER, "POST", "/containers/create"))
                .startsWith("403 ")
                .contains(
                        "user 60003 has the role reader, and wherry.v1.ContainerService/Create needs the role operator");
        assertThat(docker(BUILDER, "POST", "/containers/create")).startsWith("403 ");
        assertThat(docker(BUILDER, "POST", "/images/busybox/tag?repo=elsewhere/image"))
                .startsWith("403 ")
                .contains("which may not write to");
        assertThat(docker(BOUNDED_OPERATOR, "POST", "/containers/create"))
                .startsWith("403 ")
                .contains("a privileged container");
        assertThat(docker(NOBODY, "GET", "/_ping")).startsWith("403 ");
        await().untilAsserted(() -> assertThat(Files.readString(audit()))
                .containsPattern("user 60003.*ContainerService/Create.*PERMISSION_DENIED"));
    }

    /** The status of an answer and its body, for a user of this host. */
    private static String docker(int user, String method, String path) throws IOException {
        String script = """
                import http.client, socket, sys
                c = http.client.HTTPConnection("docker")
                c.sock = socket.socket(socket.AF_UNIX)
                c.sock.connect(sys.argv[1])
                c.request(sys.argv[2], sys.argv[3], '{"Image":"busybox","HostConfig":{"Privileged":true}}')
                r = c.getresponse()
                print(r.status, r.read().decode())
                """;
        String groups = user == BUILDER ? "--groups=" + CI_GROUP : "--clear-groups";
        List<String> command = List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                groups,
                "python3",
                "-c",
                script,
                daemon.dockerSocket().toString(),
                method,
                path);
        return Outcome.of(command, new ProcessBuilder(command).start(), CALL)
                .ok()
                .stdout();
    }

    @Test
    void userWithoutARoleIsToldHowToGetOne() throws IOException {
        assertThat(as(NOBODY, "images").exits(1).stderr())
                .contains("permission denied: user 60004 has no role: an administrator can give one by \"roles\" in"
                        + " wherryd.yaml");
    }

    @Test
    void changesAndRefusalsAreWrittenDown() throws IOException {
        as(OPERATOR, "create", "--name", "audited", "-e", "PASSWORD=secret", "busybox", "true")
                .ok();
        as(READER, "rm", "audited").exits(1);
        as(READER, "ps").ok();
        daemon.wherry("rm", "audited").ok();

        String log = Files.readString(audit());
        assertThat(log.lines())
                .anyMatch(line -> line.contains("\"caller\":\"user 60001\"")
                        && line.contains("ContainerService/Create\",\"target\":\"audited busybox\",\"outcome\":\"OK\""))
                .anyMatch(line -> line.contains("\"caller\":\"user 60003\"")
                        && line.contains("ContainerService/Remove")
                        && line.contains(
                                "\"outcome\":\"PERMISSION_DENIED\",\"reason\":\"permission denied: user 60003"))
                .anyMatch(line -> line.contains("\"caller\":\"user 0\"")
                        && line.contains("ContainerService/Remove\",\"target\":\"audited\",\"outcome\":\"OK\""))
                .noneMatch(line -> line.contains("ContainerService/List"));
        assertThat(log).doesNotContain("secret");
    }

    @Test
    void rootIsAdmin() {
        daemon.wherry("run", "--rm", "--privileged", "busybox", "true").ok();
    }

    @Test
    void operatorRunsContainersThatCannotReachTheHost() throws IOException {
        daemon.wherry("run", "-d", "--name", "admins", "--pid", "host", "busybox", "sleep", "1000")
                .ok();
        as(OPERATOR, "run", "-d", "--name", "operators", "busybox", "sleep", "1000")
                .ok();

        assertThat(as(OPERATOR, "exec", "operators", "echo", "in").ok().stdout())
                .isEqualTo("in\n");
        for (List<String> forbidden : List.of(
                List.of("run", "--rm", "--privileged", "busybox", "true"),
                List.of("run", "--rm", "-v", "/:/host", "busybox", "true"),
                List.of("run", "--rm", "--network", "host", "busybox", "true"),
                List.of("exec", "--privileged", "operators", "true"),
                List.of("exec", "admins", "true"),
                List.of("cp", "admins:/etc/passwd", "-"))) {
            assertThat(as(OPERATOR, forbidden.toArray(String[]::new)).stderr())
                    .as(String.join(" ", forbidden))
                    .contains("permission denied: user 60001 has the role operator");
        }
        as(OPERATOR, "rm", "-f", "operators").ok();
    }

    @Test
    void operatorMountsWhatIsBelowAListedFolderAndNothingThatALinkLeadsTo() throws IOException {
        Path team = Files.createDirectories(listed().resolve("team"));
        Files.writeString(team.resolve("file"), "of the team\n");
        Files.createSymbolicLink(listed().resolve("out"), Path.of("/etc"));

        assertThat(as(OPERATOR, "run", "--rm", "-v", team + ":/mnt", "busybox", "cat", "/mnt/file")
                        .ok()
                        .stdout())
                .isEqualTo("of the team\n");
        assertThat(as(OPERATOR, "run", "--rm", "-v", listed() + "/out:/mnt", "busybox", "true")
                        .stderr())
                .contains("leads out of " + listed());
    }

    @Test
    void memoryLimitsOfRunningContainersKeepToTheQuota() throws IOException {
        assertThat(as(BOUNDED_OPERATOR, "run", "-d", "busybox", "sleep", "1000").stderr())
                .contains("memory quota: each container needs a limit (--memory)");
        as(BOUNDED_OPERATOR, "run", "-d", "--name", "first", "-m", "60m", "busybox", "sleep", "1000")
                .ok();
        assertThat(as(BOUNDED_OPERATOR, "run", "-d", "--name", "second", "-m", "60m", "busybox", "sleep", "1000")
                        .stderr())
                .contains("memory quota: the containers of user:60005 may have 100MiB together, of which 60MiB are in"
                        + " use: this one needs 60MiB");
        as(BOUNDED_OPERATOR, "rm", "-f", "first").ok();
        as(BOUNDED_OPERATOR, "start", "second").ok();
        as(BOUNDED_OPERATOR, "rm", "-f", "second").ok();
    }

    @Test
    void furtherBuildsOfAQuotaWaitAndSayIt() throws Exception {
        try (Gate gate = new Gate()) {
            Path held = context("FROM busybox\nRUN " + gate.command() + "\n", "rw-r--r--");
            Path next = context("FROM busybox\nRUN echo next\n", "rw-r--r--");
            Running first = build(held);
            gate.awaitArrivals(1);
            Running second = build(next).awaitStderr("waiting for 1 build of user:60006, of which 1 may run at once");
            Running cancelled = build(next).awaitStderr("waiting for 2 builds of user:60006");

            assertThat(cancelled.interrupt().end().exitCode()).isNotZero();
            assertThat(second.isAlive()).isTrue();
            gate.open();
            first.end().ok();
            assertThat(second.end().ok().stderr()).contains("RUN echo next");
        }
    }

    private static Running build(Path context) throws IOException {
        String[] arguments = {"build", "--progress", "plain", context.toString()};
        return new Running(List.of(arguments), start(BOUNDED_BUILDER, arguments));
    }

    @Test
    void builderBuildsBelowTheirRepositoriesAndRunsNoContainers() throws IOException {
        Path context = context("FROM busybox\nCOPY file /file\n", "rw-r--r--");

        as(BUILDER, "build", "-t", "example.com/team/app", context.toString()).ok();
        assertThat(as(BUILDER, "build", "-t", "app", context.toString()).stderr())
                .contains("which may not write to docker.io/library/app, only to example.com/team");
        assertThat(as(BUILDER, "build", "--allow", "security.insecure", context.toString())
                        .stderr())
                .contains("the entitlement security.insecure needs the role admin");
        assertThat(as(BUILDER, "run", "busybox", "true").stderr()).contains("needs the role operator");
    }

    /** The daemon could read it; the user cannot. */
    @Test
    void buildGivesNobodyAFileThatTheyCannotRead() throws IOException {
        Path context = context("FROM busybox\nCOPY file /file\n", "rw-------");

        for (int user : new int[] {ADMIN, BUILDER}) {
            Outcome outcome = as(user, "build", "-t", "example.com/team/secret", context.toString());
            assertThat(outcome.exitCode()).as(outcome.stderr()).isNotZero();
            assertThat(outcome.stderr()).contains("file").containsIgnoringCase("permission denied");
        }
        assertThat(daemon.wherry("build", "-q", context.toString()).ok().stdout())
                .startsWith("sha256:");
    }

    /** A context with a file of root's. */
    private static Path context(String dockerfile, String mode) throws IOException {
        Path context = Files.createTempDirectory(
                daemon.home(),
                "context",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.setPosixFilePermissions(context, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        Files.setPosixFilePermissions(context.resolve("Dockerfile"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(context.resolve("file"), "secret of root\n");
        Files.setPosixFilePermissions(context.resolve("file"), PosixFilePermissions.fromString(mode));
        return context;
    }
}
