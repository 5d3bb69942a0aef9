package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client says and prints when a daemon answers. */
@Timeout(30)
class ConversationTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] input = new byte[0];
    private Path socket;
    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("wherryd.sock");
        daemon = new FakeDaemon(socket);
        daemon.images.put("app", true);
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.close();
    }

    @Test
    void buildSendsTheContextAndPrintsOnlyTheIdWhenQuiet() throws IOException {
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");

        assertThat(run("build", "-q", "-t", "app", "--build-arg", "A=1", "--build-arg", "HERE", context.toString()))
                .isZero();
        assertThat(out.toString()).isEqualTo("sha256:abc\n");
        assertThat(err.toString()).isEmpty();
        assertThat(daemon.contextFiles).containsExactly(Map.entry("Dockerfile", "FROM scratch\n"));
        assertThat(daemon.built.get().getBuildArgsMap()).containsExactly(Map.entry("A", "1"), Map.entry("HERE", "now"));
        assertThat(daemon.built.get().getContext().getInode()).isEqualTo(Files.getAttribute(context, "unix:ino"));
        assertThat(daemon.built.get().getContext().getMountNamespace()).isPositive();
    }

    @Test
    void buildEndsWithTheIdAndTheTags() throws IOException {
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");

        assertThat(run("build", context.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("#1 [1/1] RUN make\n").endsWith("Built sha256:abc as app:latest\n");
    }

    @Test
    void failedBuildShowsTheStepAndItsOutputAndTheError() throws IOException {
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");
        daemon.buildError = "RUN make: exit code 2";

        assertThat(run("build", context.toString())).isEqualTo(1);
        assertThat(err.toString()).endsWith("""
                        ------
                         > [1/1] RUN make:
                        making
                        ------
                        wherry: Dockerfile:1: RUN make: exit code 2
                        """);
    }

    @Test
    void runJoinsTheStreamsBeforeTheStartAndReturnsTheExitCode() {
        assertThat(run("run", "--rm", "-e", "HERE", "-e", "NOT_HERE", "app", "sh", "-c", "exit 7"))
                .isEqualTo(7);
        assertThat(err.toString()).isEqualTo("oops\n");
        assertThat(daemon.calls).containsExactly("attach", "start");
        assertThat(daemon.created.get().getArgsList()).containsExactly("sh", "-c", "exit 7");
        assertThat(daemon.created.get().getEnvList()).containsExactly("HERE=now", "NOT_HERE");
    }

    @Test
    void standardInputReachesTheContainerToItsEnd() {
        input = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);

        assertThat(run("run", "-i", "app")).isEqualTo(7);
        assertThat(out.size()).isEqualTo(100_000);
    }

    @Test
    void absentImageIsPulledFirst() {
        daemon.images.clear();

        assertThat(run("run", "-d", "app")).isZero();
        assertThat(out.toString()).isEqualTo("c1\n");
        assertThat(err.toString()).isEqualTo("""
                        Unable to find image 'app:latest' locally
                        latest: Pulling from library/app
                        0123456789ab: Pull complete
                        Digest: sha256:fed
                        Status: Downloaded newer image for app:latest
                        """);
    }

    @Test
    void whatElseIsAbsentIsNoReasonToPull() {
        assertThat(run("run", "-d", "--network", "container:gone", "app")).isEqualTo(125);
        assertThat(err.toString()).isEqualTo("wherry: no such container: gone\n");
    }

    @Test
    void absentImageIsAnErrorWhenItMustNotBePulled() {
        assertThat(run("run", "--pull", "never", "other")).isEqualTo(125);
        assertThat(err.toString()).isEqualTo("wherry: no such image: other\n");
    }

    @Test
    void containerThatCannotStartGivesItsOwnExitCodeAndIsRemoved() {
        daemon.startExitCode = 127;

        assertThat(run("run", "--rm", "app", "nope")).isEqualTo(127);
        assertThat(err.toString()).isEqualTo("wherry: exec: \"nope\": not found\n");
        assertThat(daemon.calls).contains("remove c1");
    }

    @Test
    void containerInTheBackgroundIsStartedByTheNextDaemon() {
        daemon.refused.addAll(List.of("start", "start"));

        assertThat(run("run", "-d", "app")).isZero();
        assertThat(out.toString()).isEqualTo("c1\n");
        assertThat(daemon.calls).containsExactly("start", "start", "start");
    }

    @Test
    void containerInTheForegroundIsAttachedToAgainWhenTheNextDaemonStartsIt() {
        daemon.refused.add("attach");
        assertThat(run("run", "--rm", "app")).isEqualTo(7);
        assertThat(daemon.calls).containsExactly("attach", "attach", "start");

        daemon.calls.clear();
        daemon.refused.add("start");
        assertThat(run("run", "--rm", "app")).isEqualTo(7);
        assertThat(daemon.calls).containsExactly("attach", "start", "attach", "start");
    }

    @Test
    void oneFailureDoesNotKeepTheOthersFromTheirTurn() {
        assertThat(run("rm", "a", "gone", "b")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("a\nb\n");
        assertThat(err.toString()).isEqualTo("wherry: no such container: gone\n");
    }

    @Test
    void inspectFindsContainersImagesAndVolumesAndReportsTheRest() {
        assertThat(run("inspect", "web", "nope", "image", "data")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("""
                        [
                            {
                                "Id": "c1"
                            },
                            {
                                "Id": "sha256:1"
                            },
                            {
                                "Name": "data"
                            }
                        ]
                        """);
        assertThat(err.toString()).isEqualTo("wherry: no such container, image, volume or network: nope\n");
    }

    @Test
    void importSendsAllOfAStream() throws IOException {
        byte[] tar = new byte[1_000_000];
        new java.util.Random(1).nextBytes(tar);
        Path file = Files.write(folder.resolve("root.tar"), tar);

        assertThat(run("import", file.toString(), "base")).isZero();
        assertThat(out.toString()).isEqualTo("sha256:1111\n");
        assertThat(daemon.imported.toByteArray()).isEqualTo(tar);
    }

    @Test
    void daemonThatGoesAwayIsReportedAsSuch() throws Exception {
        Thread.ofVirtual().start(() -> {
            org.awaitility.Awaitility.await().until(() -> daemon.calls.contains("start"));
            try {
                daemon.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        java.io.PipedInputStream neverEnding = new java.io.PipedInputStream();
        try (java.io.PipedOutputStream _ = new java.io.PipedOutputStream(neverEnding)) {
            assertThat(run(neverEnding, "run", "-i", "app")).isEqualTo(125);
        }
        assertThat(err.toString())
                .isEqualTo("wherry: lost the connection to wherryd at unix://" + socket + ": did it stop?\n");
    }

    private int run(String... words) {
        return run(new ByteArrayInputStream(input), words);
    }

    private int run(java.io.InputStream in, String... words) {
        Map<String, String> environment = Map.of("WHERRY_HOST", "unix://" + socket, "HERE", "now");
        Console console = new Console(
                in, new PrintStream(out, true), new PrintStream(err, true), false, false, false, environment);
        return CommandRunner.run(console, words).code();
    }
}
