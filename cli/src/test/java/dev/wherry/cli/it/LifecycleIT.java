package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.cli.app.InProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers over time: health checks, events, restarts, and that nothing stays of those that are gone. */
class LifecycleIT {

    private static final int CONTAINERS = Integer.getInteger("wherry.lifecycle.containers", 15);
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void load() throws Exception {
        Busybox.importInto(daemon);
    }

    private static String state(String container, String field) {
        return daemon.wherry("inspect", "-f", "{{" + field + "}}", container).line();
    }

    private static void awaitState(String container, String field, String value) {
        await().atMost(SOON).until(() -> state(container, field).equals(value));
    }

    @Test
    void healthCheckTellsHealthThatANewDaemonKnowsToo() throws Exception {
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "well",
                        "--health-cmd",
                        "echo checked; test -e /well",
                        "--health-interval",
                        "200ms",
                        "--health-retries",
                        "2",
                        "busybox",
                        "sh",
                        "-c",
                        "touch /well; sleep 1000")
                .ok();
        await().atMost(SOON).until(() -> healthEvents().contains("health_status: healthy"));
        Path root = daemon.runRoot().resolve("containers/" + state("well", ".Id") + "/rootfs");
        daemon.restart();
        Files.delete(root.resolve("well"));
        await().atMost(SOON).until(() -> healthEvents().contains("health_status: unhealthy"));
        assertThat(healthEvents()).containsOnlyOnce("health_status: healthy");
        daemon.wherry("rm", "-f", "well").ok();
    }

    private static String healthEvents() {
        return daemon.wherry("events", "--since", "2m", "--until", "0s", "-f", "event=health_status")
                .ok()
                .stdout();
    }

    @Test
    void eventsAreShownAsTheyHappenAndAfterwards() throws Exception {
        Process watching = daemon.spawn(
                daemon.home(),
                "events",
                "-f",
                "container=told",
                "--format",
                "{{.Action}} {{.Actor.Attributes.exitCode}}");
        // The watcher is there when it shows what is done again and again.
        await().atMost(SOON).until(() -> {
            daemon.wherry("run", "--rm", "--name", "told", "--label", "a=b", "busybox", "sh", "-c", "exit 3");
            return watching.inputReader().ready();
        });
        assertThat(Stream.generate(() -> line(watching)).limit(5))
                .contains("start <no value>", "die 3", "destroy <no value>");
        daemon.wherry(
                        "restart",
                        "-t",
                        "0",
                        daemon.wherry("run", "-d", "busybox", "sleep", "9").line())
                .ok();
        watching.destroy();
        assertThat(watching.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        List<String> told = daemon.wherry(
                        "events", "--since", "1m", "--until", "0s", "-f", "label=a=b", "-f", "event=die")
                .ok()
                .stdout()
                .lines()
                .toList();
        assertThat(told)
                .isNotEmpty()
                .allMatch(line -> line.matches("\\S+T\\S+ container die [0-9a-f]{64} "
                        + "\\(a=b, execDuration=\\d+, exitCode=3, image=busybox, name=told\\)"));
        assertThat(daemon.wherry("events", "--since", "10m", "--until", "0s", "-f", "type=image", "--format", "json")
                        .ok()
                        .stdout())
                .contains("\"Action\":\"import\"", "\"Action\":\"tag\"");
        assertThat(daemon.wherry("events", "-f", "colour=blue").exits(1).stderr())
                .contains("container, event, image, label, network, type, volume");
    }

    private static String line(Process process) {
        try {
            return process.inputReader().readLine();
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void restartPolicyOutlivesTheDaemon() throws Exception {
        daemon.wherry("run", "-d", "--name", "kept", "--restart", "unless-stopped", "busybox", "sleep", "1000")
                .ok();
        long pid = Long.parseLong(state("kept", ".State.Pid"));
        daemon.kill();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        daemon.start();
        awaitState("kept", ".State.Status", "running");
        assertThat(state("kept", ".State.Pid")).isNotEqualTo(Long.toString(pid));
        daemon.wherry("stop", "-t", "0", "kept").ok();
        daemon.restart();
        assertThat(state("kept", ".State.Status")).isEqualTo("exited");
        daemon.wherry("rm", "kept").ok();
    }

    @Test
    void nothingStaysOfContainersThatAreGone() throws Exception {
        cycle("first");
        TreeMap<String, Long> before = counts();
        for (int i = 0; i < CONTAINERS; i++) {
            cycle("c" + i);
        }
        // Threads that served calls and the collector of snapshots take a moment to end.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(Holdings.wrong(daemon)).isEmpty();
            assertThat(counts())
                    .allSatisfy((what, count) -> assertThat(count)
                            .as(what)
                            .isLessThanOrEqualTo(
                                    before.get(what) + (what.equals("threads") || what.equals("fds") ? 12 : 0)));
        });
    }

    private static void cycle(String name) {
        for (String[] command : new String[][] {
            {"run", "-d", "--name", name, "busybox", "sleep", "1000"}, {"stop", "-t", "0", name}, {"rm", name}
        }) {
            InProcess.Result result = InProcess.wherry("unix://" + daemon.socket(), command);
            assertThat(result.exitCode()).as(result.stderr()).isZero();
        }
    }

    private static TreeMap<String, Long> counts() throws Exception {
        TreeMap<String, Long> counts = new TreeMap<>(Holdings.rows(daemon));
        Path process = Path.of("/proc", Long.toString(daemon.pid()));
        counts.put("fds", entries(process.resolve("fd")));
        counts.put("threads", entries(process.resolve("task")));
        counts.put("mounts", (long) Host.mounts(daemon.home()).size());
        counts.put("processes", (long) Host.processes(daemon.home()).size());
        return counts;
    }

    private static long entries(Path folder) throws Exception {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
