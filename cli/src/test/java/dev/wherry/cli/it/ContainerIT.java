package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers from the command line: what they get, what comes back, and how they are looked at and ended. */
class ContainerIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final String FOREVER = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done";

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void optionsOfRunReachTheProcess() {
        assertThat(run(
                                "-e",
                                "A=1 2",
                                "-e",
                                "EMPTY=",
                                "-w",
                                "/tmp",
                                "-u",
                                "12:34",
                                "--entrypoint",
                                "sh",
                                "busybox",
                                "-c",
                                "echo \"$A/${EMPTY-unset}/$(pwd)/$(id -u):$(id -g)\"")
                        .ok()
                        .stdout())
                .isEqualTo("1 2///tmp/12:34\n");
        assertThat(run("-w", "/made/for/it", "-u", "nobody", "busybox", "sh", "-c", "pwd; id -un; echo $HOME")
                        .ok()
                        .stdout())
                .isEqualTo("/made/for/it\nnobody\n/\n");
        assertThat(run("-h", "box", "--network", "none", "busybox", "hostname")
                        .ok()
                        .stdout())
                .isEqualTo("box\n");
    }

    @Test
    void networkIsTheDefaultOneTheHostsOrNone() throws IOException {
        String hosts = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();

        assertThat(run("--network", "host", "busybox", "readlink", "/proc/self/ns/net")
                        .ok()
                        .line())
                .isEqualTo(hosts);
        assertThat(run("--network", "none", "busybox", "sh", "-c", "readlink /proc/self/ns/net; ls /sys/class/net")
                        .ok()
                        .line())
                .doesNotContain(hosts)
                .endsWith("\nlo");
        assertThat(run("busybox", "sh", "-c", "readlink /proc/self/ns/net; ls /sys/class/net")
                        .ok()
                        .stdout())
                .doesNotContain(hosts)
                .contains("\neth0\n", "\nlo\n");
    }

    @Test
    void exitCodesAreThoseOfDocker() {
        run("busybox", "sh", "-c", "exit 7").exits(7);
        assertThat(run("busybox", "nosuch").exits(127).stderr())
                .isEqualTo("wherry: exec: \"nosuch\": executable file not found in $PATH\n");
        assertThat(run("busybox", "/etc/passwd").exits(126).stderr()).contains("permission denied");
        assertThat(run("busybox", "/nosuch").exits(127).stderr()).contains("/nosuch");
        assertThat(run("-u", "nosuch", "busybox", "true").exits(125).stderr()).contains("nosuch");
        assertThat(run("--gpus", "all", "busybox").exits(125).stderr())
                .isEqualTo("wherry: run: --gpus is not supported yet\n");
        assertThat(daemon.wherry("ps", "-aq", "--filter", "status=created").ok().stdout())
                .isEmpty();
    }

    @Test
    void inputGoesInAndOutputComesOut() throws IOException {
        byte[] megabytes = new byte[10_000_000];
        for (int i = 0; i < megabytes.length; i++) {
            megabytes[i] = (byte) (i % 95 + 32);
        }

        Process client = daemon.spawn(daemon.home(), "run", "-i", "--rm", "busybox", "cat");
        Thread.startVirtualThread(() -> {
            try (OutputStream stdin = client.getOutputStream()) {
                stdin.write(megabytes);
            } catch (IOException brokenPipe) {
                // Then what comes out is too short.
            }
        });

        String out =
                Outcome.of(List.of("cat"), client, Duration.ofSeconds(60)).ok().stdout();
        assertThat(out.equals(new String(megabytes, StandardCharsets.US_ASCII)))
                .as("10 MB come back as they were")
                .isTrue();
    }

    @Test
    void withoutInteractiveThereIsNoInput() throws IOException {
        Process client = daemon.spawn(daemon.home(), "run", "--rm", "busybox", "cat");

        assertThat(Outcome.of(List.of("cat"), client, Duration.ofSeconds(30))
                        .ok()
                        .stdout())
                .isEmpty();
    }

    @Test
    void largeOutputOfBothStreamsIsNeitherMixedNorLost() {
        Outcome loud = run("busybox", "sh", "-c", "yes out | head -n 1500000 & yes err | head -n 1000000 >&2; wait");

        assertThat(loud.ok().stdout().equals("out\n".repeat(1_500_000))).isTrue();
        assertThat(loud.stderr().equals("err\n".repeat(1_000_000))).isTrue();
    }

    @Test
    void outputNeedsNoLineEnd() {
        assertThat(run("busybox", "printf", "abc").ok().stdout()).isEqualTo("abc");
    }

    @Test
    void signalsToTheClientGoToTheContainer() throws Exception {
        Process client =
                daemon.spawn(daemon.home(), "run", "--rm", "--name", "signalled", "busybox", "sh", "-c", FOREVER);
        assertThat(client.inputReader().readLine()).isEqualTo("ready");

        client.toHandle().destroy();

        Outcome.of(List.of("run"), client, Duration.ofSeconds(30)).exits(9);
        assertThat(daemon.wherry("ps", "-aq", "--filter", "name=signalled").ok().stdout())
                .isEmpty();
    }

    @Test
    void killedContainerEndsItsClientWith137() throws Exception {
        Process client = daemon.spawn(daemon.home(), "run", "--rm", "--name", "killed", "busybox", "sh", "-c", FOREVER);
        assertThat(client.inputReader().readLine()).isEqualTo("ready");

        daemon.wherry("kill", "killed").ok();

        Outcome.of(List.of("run"), client, Duration.ofSeconds(30)).exits(137);
    }

    @Test
    void detachedContainerKeepsItsLog() {
        String id = daemon.wherry(
                        "run",
                        "-d",
                        "busybox",
                        "sh",
                        "-c",
                        "echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three; exit 4")
                .ok()
                .line();
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(daemon.wherry("wait", id).ok().line()).isEqualTo("4");

        Outcome logs = daemon.wherry("logs", id).ok();
        assertThat(logs.stdout()).isEqualTo("one\nthree\n");
        assertThat(logs.stderr()).isEqualTo("two\n");
        assertThat(daemon.wherry("logs", "-n", "1", id).ok().stdout()).isEqualTo("three\n");
        assertThat(daemon.wherry("logs", "-t", "--tail", "1", id.substring(0, 12))
                        .ok()
                        .stdout())
                .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z three\n");
        assertThat(daemon.wherry("ps", "-a", "--filter", "id=" + id, "--format", "{{.Status}}")
                        .ok()
                        .stdout())
                .matches("Exited \\(4\\) .* ago\n");
    }

    @Test
    void followedLogEndsWithTheContainer() throws Exception {
        daemon.wherry("run", "-d", "--name", "followed", "busybox", "sh", "-c", FOREVER)
                .ok();
        Process logs = daemon.spawn(daemon.home(), "logs", "-f", "followed");
        assertThat(logs.inputReader().readLine()).isEqualTo("ready");
        assertThat(logs.isAlive()).isTrue();

        daemon.wherry("stop", "followed").ok();

        Outcome.of(List.of("logs"), logs, Duration.ofSeconds(30)).ok();
        assertThat(daemon.wherry("inspect", "-f", "{{.State.ExitCode}}", "followed")
                        .ok()
                        .line())
                .isEqualTo("9");
    }

    @Test
    void stopKillsWhatDoesNotListenAndKillSendsTheSignal() {
        daemon.wherry("run", "-d", "--name", "deaf", "busybox", "sleep", "1000").ok();
        assertThat(daemon.wherry("stop", "-t", "1", "deaf").ok().stdout()).isEqualTo("deaf\n");
        assertThat(daemon.wherry("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "deaf")
                        .ok()
                        .line())
                .isEqualTo("exited 137");

        daemon.wherry("run", "-d", "--name", "hit", "busybox", "sh", "-c", FOREVER.replace("TERM", "USR1"))
                .ok();
        Awaitility.await().until(() -> daemon.wherry("logs", "hit").stdout().contains("ready"));
        daemon.wherry("kill", "-s", "USR1", "hit").ok();
        assertThat(daemon.wherry("wait", "hit").ok().line()).isEqualTo("9");
        assertThat(daemon.wherry("kill", "hit").exits(1).stderr())
                .contains("hit")
                .contains("not running");
    }

    @Test
    void removeTakesOnlyWhatHasEndedUnlessForced() {
        daemon.wherry("run", "-d", "--name", "busy", "busybox", "sleep", "1000").ok();

        assertThat(daemon.wherry("rm", "busy").exits(1).stderr())
                .contains("cannot remove container \"busy\": container is running: stop");
        assertThat(daemon.wherry("run", "--name", "busy", "busybox", "true")
                        .exits(125)
                        .stderr())
                .contains("\"busy\" is already in use");
        assertThat(daemon.wherry("rm", "-f", "busy", "nosuch").exits(1).stdout())
                .isEqualTo("busy\n");
        assertThat(daemon.wherry("ps", "-aq", "--filter", "name=busy").ok().stdout())
                .isEmpty();
        assertThat(daemon.wherry("logs", "busy").exits(1).stderr()).isEqualTo("wherry: no such container: busy\n");
    }

    @Test
    void detachedContainerToBeRemovedIsGoneWhenItEnds() {
        String id = daemon.wherry("run", "-d", "--rm", "busybox", "sh", "-c", "sleep 0.2")
                .ok()
                .line();

        Awaitility.await()
                .until(() ->
                        daemon.wherry("ps", "-aq", "--no-trunc").ok().stdout().indexOf(id) < 0);
        assertThat(daemon.runRoot().resolve("containers/" + id)).doesNotExist();
    }

    @Test
    void listShowsAndFilters() {
        daemon.wherry("run", "-d", "--name", "listed", "-l", "tier=web", "busybox", "sleep", "1000")
                .ok();
        daemon.wherry("run", "--name", "listed-too", "busybox", "true").ok();

        assertThat(daemon.wherry("ps", "--filter", "name=listed")
                        .ok()
                        .stdout()
                        .lines()
                        .toList())
                .hasSize(2)
                .first()
                .asString()
                .matches("CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES");
        assertThat(names("--filter", "name=listed")).containsExactly("listed");
        assertThat(names("-a", "--filter", "name=listed")).containsExactly("listed-too", "listed");
        assertThat(names("--filter", "label=tier=web")).containsExactly("listed");
        assertThat(names("--filter", "name=listed", "--filter", "status=exited"))
                .containsExactly("listed-too");
        assertThat(daemon.wherry("ps", "-q", "--filter", "name=listed").ok().line())
                .matches("[0-9a-f]{12}");
        daemon.wherry("rm", "-f", "listed", "listed-too").ok();
    }

    @Test
    void namesAreMadeUpWhenNotGiven() {
        String id = daemon.wherry("run", "-d", "busybox", "true").ok().line();

        assertThat(daemon.wherry("inspect", "-f", "{{.Name}}", id).ok().line()).matches("/[a-z]+_[a-z]+");
    }

    @RepeatedTest(10)
    void exitCodeArrivesAlthoughTheContainerIsRemovedAtItsExit() throws Exception {
        daemon.wherry("create", "--rm", "--name", "brief", "busybox", "sh", "-c", "exit 15")
                .ok();
        daemon.wherry("start", "-a", "brief").exits(15);
        String untilTold = "until [ -e /told ]; do echo waiting; sleep 0.1; done; exit 15";
        daemon.wherry("run", "-d", "--rm", "--name", "joined", "busybox", "sh", "-c", untilTold)
                .ok();
        Running joined =
                daemon.follow(daemon.home(), "attach", "--no-stdin", "joined").awaitStdout("waiting");
        daemon.wherry("exec", "joined", "touch", "/told").ok();
        joined.end().exits(15);
    }

    @Test
    void inspectTellsWhatDockerTells() {
        daemon.wherry("create", "--name", "seen", "-e", "A=b", "-l", "x=y", "busybox", "echo", "hi")
                .ok();

        assertThat(daemon.wherry(
                                "inspect",
                                "-f",
                                "{{.State.Status}} {{.Path}} {{.Args}} {{json .Config.Entrypoint}}"
                                        + " {{json .Config.Cmd}} {{.Config.Env}} {{json .Config.Labels}} {{.Config.Image}}"
                                        + " {{json .Config.Volumes}}",
                                "seen")
                        .ok()
                        .line())
                .isEqualTo("created echo [hi] null [\"echo\",\"hi\"] [A=b] {\"x\":\"y\"} busybox null");
        assertThat(daemon.wherry("start", "-a", "seen").ok().stdout()).isEqualTo("hi\n");
        assertThat(daemon.wherry("start", "-a", "seen").ok().stdout()).isEqualTo("hi\n");
        assertThat(daemon.wherry("logs", "seen").ok().stdout()).isEqualTo("hi\nhi\n");
    }

    @Test
    void containerOutlivesItsDaemon() throws Exception {
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "outlives",
                        "busybox",
                        "sh",
                        "-c",
                        "trap 'exit 9' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done")
                .ok();
        String before = daemon.wherry("inspect", "-f", "{{.State.Pid}} {{.State.StartedAt}}", "outlives")
                .ok()
                .line();

        daemon.restart();
        daemon.kill();
        daemon.start();

        assertThat(daemon.wherry("inspect", "-f", "{{.State.Pid}} {{.State.StartedAt}}", "outlives")
                        .ok()
                        .line())
                .isEqualTo(before);
        int lines = daemon.wherry("logs", "outlives").ok().stdout().split("\n").length;
        Awaitility.await()
                .until(() -> daemon.wherry("logs", "outlives").ok().stdout().split("\n").length > lines);
        daemon.wherry("stop", "outlives").ok();
        assertThat(daemon.wherry("inspect", "-f", "{{.State.ExitCode}}", "outlives")
                        .ok()
                        .line())
                .isEqualTo("9");
    }

    @Test
    void endWhileTheDaemonIsAwayIsFoundWhenItIsBack() throws Exception {
        try (Gate gate = new Gate()) {
            String script = gate.command() + "; exit 5";
            String id = daemon.wherry("run", "-d", "--name", "ended", "busybox", "sh", "-c", script)
                    .ok()
                    .line();
            gate.awaitArrivals(1);
            daemon.kill();
            gate.open();
            Awaitility.await()
                    .until(() -> Files.exists(daemon.runRoot().resolve("exits").resolve(id)));
        }
        daemon.start();

        assertThat(daemon.wherry("wait", "ended").ok().line()).isEqualTo("5");
    }

    private static Outcome run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "run";
        all[1] = "--rm";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return daemon.wherry(all);
    }

    private static List<String> names(String... options) {
        String[] all = new String[options.length + 3];
        all[0] = "ps";
        System.arraycopy(options, 0, all, 1, options.length);
        all[options.length + 1] = "--format";
        all[options.length + 2] = "{{.Names}}";
        return daemon.wherry(all).ok().stdout().lines().toList();
    }
}
