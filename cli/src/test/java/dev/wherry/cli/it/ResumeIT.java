package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Builds by a daemon of another host whose connection is lost. */
@Timeout(180)
class ResumeIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int PATIENCE_SECONDS = 6;

    @RegisterExtension
    static final Daemon daemon =
            Authority.daemon().variable("WHERRY_BUILD_PATIENCE", Integer.toString(PATIENCE_SECONDS));

    private static Path identity;
    private static Relay relay;

    @BeforeAll
    static void prepare() throws Exception {
        Busybox.importInto(daemon);
        identity = Authority.issue(daemon, "far", "admin");
        relay = new Relay(Authority.address(daemon));
    }

    @AfterAll
    static void end() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    private static Map<String, String> variables() throws IOException {
        Map<String, String> variables = new HashMap<>(Authority.variables(daemon, identity));
        variables.put("WHERRY_HOST", relay.address());
        return variables;
    }

    private static Running build(Project project, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("build", "--progress", "plain"));
        command.addAll(List.of(options));
        command.add(".");
        return new Running(command, daemon.spawn(project.folder(), variables(), command.toArray(String[]::new)));
    }

    private static byte[] random(int seed, int size) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** What a build does that needs its client for much: a context, a secret, output of files, and a step in between. */
    private record Work(Project project, Path runs, Path out, byte[] large, String secret) {

        static Work of(int seed, String script) throws IOException {
            Path runs = Files.createTempDirectory(daemon.home(), "runs-");
            Project project = Project.of(daemon, """
                    FROM busybox AS made
                    COPY . /in
                    RUN --mount=type=secret,id=token echo seed %d; cat /run/secrets/token > /secret; %s; seq 1 2000; cat /proc/sys/kernel/random/uuid > /once
                    FROM scratch
                    COPY --from=made /in/large /in/other /secret /once /
                    """.formatted(seed, script));
            byte[] large = random(seed, 6 << 20);
            Files.write(project.path("large"), large);
            for (int i = 0; i < 300; i++) {
                project.file("many/" + i, "file " + i);
            }
            project.file("other", "other" + seed);
            return new Work(project, runs, runs.resolve("out"), large, "s3cret" + seed);
        }

        Running begin() throws IOException {
            Path token = Files.writeString(runs.resolve("token"), secret);
            return build(project, "--secret", "id=token,src=" + token, "-o", out.toString());
        }

        void assertDone(Outcome outcome) throws IOException {
            outcome.ok();
            assertThat(out.resolve("large")).hasBinaryContent(large);
            assertThat(out.resolve("other")).hasContent("other" + secret.substring(6));
            assertThat(out.resolve("secret")).hasContent(secret);
            List<String> numbers = outcome.stderr()
                    .lines()
                    .filter(line -> line.matches("#[0-9]+ [0-9.]+ [0-9]{1,4}"))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
            assertThat(numbers)
                    .hasSize(2000)
                    .startsWith("1", "2")
                    .endsWith("2000")
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5000, RST",
        "30000, FIN",
        "300000, RST",
        "2000000, RST",
        "5000000, FIN",
        "6400000, RST",
        "9000000, RST",
        "12000000, FIN"
    })
    void aBuildGoesOnWhereverItsConnectionIsLost(int bytes, Relay.Loss how) throws Exception {
        Work work = Work.of(bytes, "sleep 0.5");
        int before = relay.connections();
        relay.loseAfter(bytes, how);

        Outcome outcome = work.begin().end();

        work.assertDone(outcome);
        assertThat(relay.connections() - before).isEqualTo(2);
        assertThat(outcome.stderr()).doesNotContain("connection");
    }

    @Test
    void aBuildWhoseConnectionIsLostOverAndOverGoesOn() throws Exception {
        Work work = Work.of(77, "sleep 1");
        Running client = work.begin();
        Random random = new Random(5);
        client.awaitStderr("#");
        int before = relay.connections();
        while (client.isAlive() && relay.connections() - before < 15) {
            Thread.sleep(100 + random.nextInt(300));
            relay.lose(random.nextBoolean() ? Relay.Loss.RST : Relay.Loss.FIN);
        }

        work.assertDone(client.end());
    }

    @Test
    void aSilentNetworkIsNoticed() throws Exception {
        Work work = Work.of(78, "sleep 1");
        Running client = work.begin();
        client.awaitStderr("cat /run/secrets/token");
        relay.lose(Relay.Loss.SILENCE);
        long lost = System.nanoTime();

        work.assertDone(client.end());
        assertThat(Duration.ofNanos(System.nanoTime() - lost)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void theUserIsToldOfALossThatLasts() throws Exception {
        try (Gate gate = new Gate()) {
            Work work = Work.of(79, gate.command());
            Running client = work.begin();
            gate.awaitArrivals(1);
            relay.refuse(true);
            relay.lose(Relay.Loss.RST);
            client.awaitStderr("connection to 127.0.0.1 lost: trying again for ");
            gate.open();
            relay.refuse(false);

            Outcome outcome = client.end();
            work.assertDone(outcome);
            assertThat(outcome.stderr()).contains("connection to 127.0.0.1: connected again");
        } finally {
            relay.refuse(false);
        }
    }

    private static String[] steps() throws IOException {
        try (var steps = Files.list(daemon.runRoot().resolve("steps"))) {
            return steps.map(Path::toString).toArray(String[]::new);
        } catch (java.nio.file.NoSuchFileException none) {
            return new String[0];
        }
    }

    @Test
    void ctrlCEndsTheBuildAtOnce() throws Exception {
        assertCtrlCEndsTheBuildAtOnce(variables());
        try (SshServer server = new SshServer(daemon)) {
            assertCtrlCEndsTheBuildAtOnce(server.variables());
        }
    }

    private static void assertCtrlCEndsTheBuildAtOnce(Map<String, String> variables) throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo ctrl-c; sleep 1000\n");
        String[] command = {"build", "--progress", "plain", "."};
        Running client = new Running(List.of(command), daemon.spawn(project.folder(), variables, command));
        client.awaitStderr(" ctrl-c\n");
        assertThat(steps()).isNotEmpty();

        client.interrupt().end().exits(130);

        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS / 2)).until(() -> steps().length == 0);
    }

    @Test
    void theBuildOfAClientThatIsKilledEndsAndLeavesNothing() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo killed; sleep 1000\n");
        Process client = daemon.spawn(project.folder(), variables(), "build", "--progress", "plain", ".");
        await().until(() -> steps().length > 0);

        client.destroyForcibly().waitFor();

        Thread.sleep(Duration.ofSeconds(PATIENCE_SECONDS - 3));
        assertThat(steps()).isNotEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> steps().length == 0);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
    }

    @Test
    void aDaemonThatWasRestartedKnowsNothingOfTheBuild() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo restarted; sleep 1000\n");
        Running client = build(project);
        client.awaitStderr(" restarted\n");
        relay.refuse(true);
        daemon.kill();
        try {
            startAgain();
            relay.refuse(false);

            String said = client.end().exits(1).stderr().lines().reduce("", (_, line) -> line);
            assertThat(said).contains("cannot be taken up again");
        } finally {
            relay.refuse(false);
        }
    }

    @Test
    void aDaemonThatEndsLetsABuildBeTakenUpAndFinish() throws Exception {
        try (Gate gate = new Gate()) {
            Work work = Work.of(81, gate.command());
            Running client = work.begin();
            gate.awaitArrivals(1);
            daemon.signal("TERM");
            await().until(() -> daemon.log().contains("shutting down: 1 call has 10 s to finish"));
            int before = relay.connections();
            relay.lose(Relay.Loss.RST);
            await().until(() -> relay.connections() > before);
            gate.open();

            work.assertDone(client.end());
            daemon.awaitEnd();
        } finally {
            startAgain();
        }
    }

    private static void startAgain() throws Exception {
        int before = addresses().size();
        daemon.start();
        // A free port is another one after each start.
        await().until(() -> addresses().size() > before);
        relay.leadTo(addresses().getLast());
    }

    /** What the daemon has listened on, in order. */
    private static List<String> addresses() throws IOException {
        return daemon.log()
                .lines()
                .filter(line -> line.contains("listening on tcp://"))
                .map(line -> line.substring(line.indexOf("tcp://")))
                .toList();
    }

    @Test
    void aBuildOverSshIsTakenUpAgain() throws Exception {
        try (SshServer server = new SshServer(daemon);
                Gate gate = new Gate()) {
            Work work = Work.of(80, gate.command());
            Path token = Files.writeString(work.runs().resolve("token"), work.secret());
            String[] command = {
                "build",
                "--progress",
                "plain",
                "--secret",
                "id=token,src=" + token,
                "-o",
                work.out().toString(),
                "."
            };
            Process client = daemon.spawn(work.project().folder(), server.variables(), command);
            Running running = new Running(List.of(command), client);
            gate.awaitArrivals(1);
            long ended = client.descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("ssh"))
                    .filter(ProcessHandle::destroyForcibly)
                    .count();
            assertThat(ended).isEqualTo(1);
            gate.open();

            work.assertDone(running.end());
        }
    }
}
