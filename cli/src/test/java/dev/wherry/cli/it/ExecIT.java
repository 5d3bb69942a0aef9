package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More programs in a running container: what they get, what comes back, and what is left of them. */
class ExecIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        daemon.wherry("run", "-d", "--name", "box", "-e", "FROM=image", "busybox", "sleep", "1000")
                .ok();
    }

    @Test
    void streamsAndExitCodeAreThoseOfTheProgram() throws IOException {
        Outcome both = daemon.wherry("exec", "box", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(both.exits(7).stdout()).isEqualTo("out\n");
        assertThat(both.stderr()).isEqualTo("err\n");

        assertThat(daemon.wherry("exec", "box", "nosuch").refuses(127))
                .isEqualTo("wherry: exec: \"nosuch\": executable file not found in $PATH");
        assertThat(daemon.wherry("exec", "box", "/etc/passwd").refuses(126)).contains("permission denied");
        assertThat(daemon.wherry("exec", "-w", "/nosuch", "box", "true").refuses(126))
                .contains("/nosuch");
        assertThat(daemon.wherry("exec", "-u", "nosuch", "box", "true").refuses(126))
                .contains("nosuch");
        assertThat(daemon.wherry("exec", "nosuch", "true").refuses(1)).isEqualTo("wherry: no such container: nosuch");

        Process client = daemon.spawn(daemon.home(), "exec", "-i", "box", "cat");
        try (OutputStream stdin = client.getOutputStream()) {
            stdin.write("in\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Outcome.of(List.of("cat"), client, LIMIT).ok().stdout()).isEqualTo("in\n");
    }

    @Test
    void optionsReachTheProgram() throws IOException {
        Path file = Files.writeString(daemon.home().resolve("variables"), "FILE=f\nA=file\n");
        assertThat(daemon.wherry(
                                "exec",
                                "-e",
                                "A=1 2",
                                "--env-file",
                                file.toString(),
                                "-w",
                                "/tmp",
                                "-u",
                                "nobody",
                                "box",
                                "sh",
                                "-c",
                                "echo $FROM/$FILE/$A/$(pwd)/$(id -un)/$HOME")
                        .ok()
                        .stdout())
                .isEqualTo("image/f/1 2//tmp/nobody//\n");

        String capabilities = "grep CapEff /proc/self/status";
        String usual =
                daemon.wherry("exec", "box", "sh", "-c", capabilities).ok().line();
        String all = daemon.wherry("exec", "--privileged", "box", "sh", "-c", capabilities)
                .ok()
                .line();
        assertThat(all).isNotEqualTo(usual);
        assertThat(all).hasSizeGreaterThanOrEqualTo(usual.length());
    }

    @Test
    void whatKeepsTheContainerInKeepsTheProgramIn() {
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "kept",
                        "--security-opt",
                        "no-new-privileges",
                        "--cap-drop",
                        "ALL",
                        "--ulimit",
                        "nofile=77:77",
                        "busybox",
                        "sleep",
                        "1000")
                .ok();

        assertThat(daemon.wherry(
                                "exec",
                                "kept",
                                "sh",
                                "-c",
                                "ulimit -n; grep -E 'CapBnd|NoNewPrivs' /proc/self/status | tr -s '\\t' ' '")
                        .ok()
                        .stdout())
                .isEqualTo("77\nCapBnd: 0000000000000000\nNoNewPrivs: 1\n");
        daemon.wherry("rm", "-f", "kept").ok();
    }

    @Test
    void detachedProgramRunsOn() {
        assertThat(daemon.wherry("exec", "-d", "box", "sh", "-c", "sleep 0.2; echo done >/tmp/detached")
                        .ok()
                        .stdout())
                .isEmpty();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(daemon.wherry("exec", "box", "cat", "/tmp/detached")
                                .stdout())
                        .isEqualTo("done\n"));
    }

    @Test
    void containerThatDoesNotRunIsRefused() {
        daemon.wherry("run", "-d", "--name", "frozen", "busybox", "sleep", "1000")
                .ok();
        daemon.wherry("pause", "frozen").ok();
        assertThat(daemon.wherry("exec", "frozen", "true").refuses(1))
                .isEqualTo("wherry: Container frozen is paused, unpause the container before exec");
        daemon.wherry("unpause", "frozen").ok();
        daemon.wherry("exec", "frozen", "true").ok();
        daemon.wherry("kill", "frozen").ok();
        daemon.wherry("wait", "frozen").ok();
        assertThat(daemon.wherry("exec", "frozen", "true").refuses(1))
                .isEqualTo("wherry: Container frozen is not running");
        daemon.wherry("rm", "frozen").ok();
    }

    @Test
    void programEndsWithItsContainer() throws IOException {
        daemon.wherry("run", "-d", "--name", "dying", "busybox", "sleep", "1000")
                .ok();
        Process client = daemon.spawn(daemon.home(), "exec", "dying", "sh", "-c", "echo on; sleep 1000");
        assertThat(client.inputReader().readLine()).isEqualTo("on");

        daemon.wherry("rm", "-f", "dying").ok();

        Outcome.of(List.of("sleep"), client, LIMIT).exits(137);
    }

    @Test
    void terminalIsARealOneAndCanBeLeft() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type("wherry exec -it box sh");
            screen.await(text -> text.contains("/ #"));
            screen.type("stty size; tty; echo $TERM");
            screen.awaitLine("30 100");
            screen.awaitLine("xterm");
            screen.resize(120, 40);
            screen.await(text -> {
                try {
                    screen.type("stty size");
                } catch (IOException | InterruptedException failure) {
                    throw new AssertionError(failure);
                }
                return text.lines().anyMatch("40 120"::equals);
            });
            screen.type("exit 3");
            screen.await(text -> text.stripTrailing().endsWith("exit 3\n$"));
            screen.type("echo code=$?");
            screen.awaitLine("code=3");

            screen.type("clear; wherry exec -it --detach-keys ctrl-a,x box sh -c 'echo o''n; exec sleep 1000'");
            screen.awaitLine("on");
            screen.press("C-a");
            screen.press("x");
            screen.await(text -> text.contains("read escape sequence"));
        }
        assertThat(daemon.wherry("top", "box").ok().stdout()).contains("sleep 1000");
    }

    @Test
    void interruptGoesToTheProgram() throws Exception {
        Process client = daemon.spawn(
                daemon.home(), "exec", "box", "sh", "-c", "trap 'exit 8' INT; echo on; while :; do sleep 0.05; done");
        assertThat(client.inputReader().readLine()).isEqualTo("on");

        new ProcessBuilder("kill", "-INT", Long.toString(client.pid())).start().waitFor();

        Outcome.of(List.of("sh"), client, LIMIT).exits(8);
    }

    @Test
    void slowReaderHoldsBackItsProgramAndNoOther() throws Exception {
        Process client = daemon.spawn(daemon.home(), "exec", "box", "sh", "-c", "yes | head -c 100000000; exit 4");
        try (InputStream output = client.getInputStream()) {
            long length = output.readNBytes(100_000).length;
            daemon.wherry("exec", "box", "true").ok();
            byte[] buffer = new byte[1 << 16];
            for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                length += n;
            }
            assertThat(length).isEqualTo(100_000_000);
        }
        assertThat(client.waitFor()).isEqualTo(4);
    }

    @Test
    void programGoesOnWithoutTheDaemonAndIsFoundAgain() throws Exception {
        daemon.wherry("run", "-d", "--name", "outlives", "busybox", "sleep", "1000")
                .ok();
        daemon.wherry(
                        "exec",
                        "-d",
                        "outlives",
                        "sh",
                        "-c",
                        "while [ ! -e /tmp/end ]; do sleep 0.05; done; touch /tmp/x")
                .ok();
        Process joined = daemon.spawn(daemon.home(), "exec", "outlives", "sh", "-c", "echo on; sleep 1000");
        assertThat(joined.inputReader().readLine()).isEqualTo("on");

        daemon.kill();
        assertThat(joined.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(joined.exitValue()).isEqualTo(1);
        daemon.start();

        assertThat(folders()).hasSizeGreaterThanOrEqualTo(2);
        daemon.wherry("exec", "outlives", "touch", "/tmp/end").ok();
        await().atMost(LIMIT)
                .untilAsserted(() -> daemon.wherry("exec", "outlives", "test", "-e", "/tmp/x")
                        .ok());
        daemon.wherry("rm", "-f", "outlives").ok();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(supervisors()).noneMatch(line -> line.contains("/tmp/end")));
    }

    @Test
    void lostSupervisorEndsItsProgramWithAWord() throws Exception {
        Process client = daemon.spawn(daemon.home(), "exec", "box", "sh", "-c", "echo on; exec sleep 4321");
        assertThat(client.inputReader().readLine()).isEqualTo("on");
        long program = processes("sleep 4321").getFirst();
        long supervisor =
                ProcessHandle.of(program).orElseThrow().parent().orElseThrow().pid();
        assertThat(Host.commandLine(supervisor)).contains("conmon");

        new ProcessBuilder("kill", "-KILL", Long.toString(supervisor)).start().waitFor();

        assertThat(Outcome.of(List.of("sleep"), client, LIMIT).refuses(137))
                .isEqualTo("wherry: the supervisor of the exec (conmon) was killed");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(processes("sleep 4321")).isEmpty());
    }

    @Test
    void hostileImageShowsNothingOfTheHost() throws Exception {
        Files.writeString(daemon.home().resolve("passwd"), "mallory:x:0:0::/:/bin/sh\n");
        Path folder = Files.createDirectories(daemon.home().resolve("hostile"));
        Files.writeString(
                folder.resolve("Dockerfile"),
                "FROM busybox\nRUN rm /etc/passwd /etc/group && ln -s ../../../../../.." + daemon.home()
                        + "/passwd /etc/passwd && ln -s /proc/1/root/etc/group /etc/group\n");
        daemon.wherry("build", "-t", "hostile", folder.toString()).ok();
        daemon.wherry("run", "-d", "--name", "hostile", "hostile", "sleep", "1000")
                .ok();
        assertThat(daemon.wherry("exec", "-u", "mallory", "hostile", "true").refuses(126))
                .isEqualTo("wherry: unable to find user \"mallory\" in /etc/passwd");
        daemon.wherry("rm", "-f", "hostile").ok();
    }

    @Test
    void directoryOfADescriptorLeadsNowhere() {
        // What a runtime holds open while it starts a program must not become that program's way out.
        for (int fd = 5; fd < 10; fd++) {
            Outcome outcome = daemon.wherry(
                    "exec", "-w", "/proc/self/fd/" + fd, "box", "ls", "../../../../../../../.." + daemon.home());
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.stdout()).isEmpty();
        }
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(daemon.runRoot().resolve("execs"))) {
            return folders.toList();
        }
    }

    private static List<String> supervisors() {
        return Host.processes(daemon.home()).stream()
                .map(process -> Host.commandLine(process.pid()))
                .toList();
    }

    private static List<Long> processes(String command) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Host.commandLine(pid).strip().equals(command))
                .toList();
    }

    @Test
    void nothingIsLeftOfProgramsThatEnded() throws Exception {
        int before = descriptors();
        for (int i = 0; i < 5; i++) {
            daemon.wherry("exec", "box", "true").ok();
            daemon.wherry("exec", "box", "nosuch").exits(127);
        }
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(descriptors()).isLessThanOrEqualTo(before + 4);
            assertThat(folders()).hasSizeLessThan(5);
        });
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + daemon.pid() + "/fd"))) {
            return (int) open.count();
        }
    }
}
