package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What containers use, and which processes they have, against containers of which that is known. */
class StatsIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "busy",
                        "--memory",
                        "64m",
                        "busybox",
                        "sh",
                        "-c",
                        "dd if=/dev/zero of=/dev/shm/f bs=1M count=20; sleep 1000 & sleep 1000 & while :; do :; done")
                .ok();
        daemon.wherry("run", "-d", "--name", "idle", "--network", "none", "busybox", "sleep", "1000")
                .ok();
        daemon.wherry("create", "--name", "stopped", "busybox").ok();
    }

    private static String field(String container, String field) {
        return daemon.wherry("stats", "--no-stream", "--format", "{{." + field + "}}", container)
                .ok()
                .line();
    }

    @Test
    void figuresAreThoseOfTheContainer() throws Exception {
        // The writing of the memory takes a moment.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(field("busy", "MemUsage")).matches("2[0-9]\\.?\\d*MiB / 64MiB"));
        assertThat(Double.parseDouble(field("busy", "MemPerc").replace("%", "")))
                .isBetween(31.0, 47.0);
        assertThat(Double.parseDouble(field("busy", "CPUPerc").replace("%", "")))
                .isBetween(1.0, 150.0);
        assertThat(field("busy", "PIDs")).isEqualTo("3");
        assertThat(field("busy", "NetIO")).matches("[0-9.]+k?B / [0-9.]+k?B");

        assertThat(Double.parseDouble(field("idle", "CPUPerc").replace("%", "")))
                .isLessThan(5.0);
        assertThat(field("idle", "PIDs")).isEqualTo("1");
    }

    @Test
    void tableIsDockers() {
        List<String> lines =
                daemon.wherry("stats", "--no-stream").ok().stdout().lines().toList();

        assertThat(lines.getFirst())
                .matches("CONTAINER ID   NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).matches("[0-9a-f]{12}   idle .*");
        assertThat(daemon.wherry("stats", "--no-stream", "-a", "--format", "{{.Name}} {{.MemUsage}}")
                        .ok()
                        .stdout())
                .contains("stopped 0B / 0B\n");
        assertThat(daemon.wherry("stats", "--no-stream", "nosuch").refuses(1))
                .isEqualTo("wherry: no such container: nosuch");
    }

    @Test
    void tableOnATerminalIsRedrawnInPlace() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 120, 10)) {
            screen.type("wherry stats busy idle");
            String first = screen.await(text -> text.contains("busy") && text.contains("idle"));
            // The use of the processor is another one at each drawing.
            screen.await(text -> !text.equals(first));
            assertThat(screen.text().lines().filter(line -> line.contains("NET I/O")))
                    .hasSize(1);
            screen.press("C-c");
            screen.type("echo co''de=$?");
            screen.await(text -> text.contains("code=130"));
        }
    }

    @Test
    void topListsTheProcessesOfTheContainerAndNoOthers() {
        List<String> lines = daemon.wherry("top", "busy").ok().stdout().lines().toList();
        assertThat(lines.getFirst()).startsWith("UID                 PID                 PPID");
        assertThat(lines).hasSize(4);
        assertThat(IntStream.range(1, 4).mapToObj(lines::get).filter(line -> line.endsWith("sleep 1000")))
                .hasSize(2);

        assertThat(daemon.wherry("top", "idle", "-o", "pid,comm").ok().stdout()).matches("PID +COMMAND\n\\d+ +sleep\n");
        assertThat(daemon.wherry("top", "idle", "-o", "comm").refuses(1))
                .isEqualTo("wherry: Couldn't find PID field in ps output");
        assertThat(daemon.wherry("top", "stopped").refuses(1)).isEqualTo("wherry: Container stopped is not running");
    }
}
