package dev.wherry.daemon.container.exec;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.BusyboxHost.Output;
import dev.wherry.daemon.api.json.ExecJson;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.health.Probe;
import dev.wherry.daemon.container.lifecycle.WaitCondition;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.ConmonExec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More processes in a container, with the real runc and conmon. */
class ExecsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static BusyboxHost host;
    private static Execs execs;
    private static Probe probe;
    private static Container container;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
        execs = open(host);
        probe = new Probe(execs);
        container = host.lifecycle.create("", config("sleep", "1000"));
        host.lifecycle.start(container.id());
    }

    private static Execs open(BusyboxHost on) {
        return new Execs(
                on.layout,
                on.containers,
                new ConmonExec(on.runc, new Conmon(on.runc)),
                new ContainerAccess(on.containers, on.volumes),
                new ContainerActivity(on.events));
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    private static Probe.Result run(String... args) throws InterruptedException {
        return probe.run(container.id(), ExecConfig.of(List.of(args)), LONG, 4096);
    }

    private static String text(Probe.Result result) {
        return new String(result.output(), StandardCharsets.UTF_8);
    }

    @Test
    void probeTellsExitCodeAndTheBeginningOfTheOutput() throws Exception {
        Probe.Result result = run("sh", "-c", "echo out; echo err >&2; exit 7");

        assertThat(result.code().value()).isEqualTo(7);
        assertThat(result.timedOut()).isFalse();
        assertThat(text(result)).contains("out\n", "err\n");
        assertThat(text(probe.run(
                        container.id(),
                        ExecConfig.of(List.of("sh", "-c", "while echo x; do :; done")),
                        Duration.ofMillis(500),
                        5)))
                .isEqualTo("x\nx\nx");
    }

    @Test
    void probeKillsWhatTakesTooLong() throws Exception {
        long start = System.nanoTime();
        Probe.Result result = probe.run(
                container.id(),
                ExecConfig.of(List.of("sh", "-c", "trap '' TERM; echo on; sleep 100")),
                Duration.ofMillis(400),
                100);

        assertThat(result.timedOut()).isTrue();
        assertThat(result.code().value()).isEqualTo(137);
        assertThat(text(result)).isEqualTo("on\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void sizeThatIsAskedForBeforeTheStartIsThatOfTheTerminal() throws Exception {
        ExecConfig config = new ExecConfig(
                List.of("sh", "-c", "for i in $(seq 100); do stty size | grep '30 120' && break; sleep 0.05; done"),
                List.of(),
                "",
                "",
                true,
                false,
                true,
                false,
                0,
                0,
                "");
        Exec created = execs.create(container.id(), config);
        created.resize(120, 30);
        Exec started = execs.start(created, config);
        try (Attachment streams = started.streams()) {
            Output output = new Output();
            streams.copyTo(output);
            assertThat(output.out()).contains("30 120");
        }
    }

    @Test
    void processThatCannotBeStartedSaysSoWithTheCodesOfAShell() {
        assertThatThrownBy(() -> run("nosuch"))
                .isInstanceOfSatisfying(
                        StartException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessage("exec: \"nosuch\": executable file not found in $PATH");
        assertThatThrownBy(() -> run("/plain"))
                .isInstanceOfSatisfying(
                        StartException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NOT_EXECUTABLE))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> ExecConfig.of(List.of())).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void userDirectoryAndVariablesAreThoseAskedFor() throws Exception {
        ExecConfig config = new ExecConfig(
                List.of("sh", "-c", "id -u; id -g; id -G; pwd; echo $HOME $A; tty >/dev/null 2>&1; echo $TERM"),
                List.of("A=1 2"),
                "/etc",
                "ada",
                false,
                false,
                true,
                false,
                0,
                0,
                "");

        assertThat(text(probe.run(container.id(), config, LONG, 4096)))
                .isEqualTo("1000\n1001\n1001 10\n/etc\n/home/ada 1 2\n\n");
    }

    @Test
    void execIsKnownWhileItRunsAndAWhileAfter() throws Exception {
        Exec exec = execs.start(container.id(), ExecConfig.of(List.of("sleep", "1000")));
        try (Attachment streams = exec.streams()) {
            assertThat(exec.exit()).isEmpty();
            assertThat(execs.running(container.id())).contains(exec.id());
            assertThat(execs.get(exec.id().substring(0, 12))).isSameAs(exec);

            exec.signal("KILL");
            streams.copyTo(new Output());
            assertThat(exec.await().code().value()).isEqualTo(137);
            assertThat(execs.running(container.id())).doesNotContain(exec.id());
            assertThat(execs.get(exec.id()).exit()).contains(Exit.of(137));
        }
        assertThatThrownBy(() -> execs.get("nosuch")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void execEndsWithItsContainer() throws Exception {
        Container dying = host.lifecycle.create("", config("sleep", "1000"));
        host.lifecycle.start(dying.id());
        Exec exec = execs.start(dying.id(), ExecConfig.of(List.of("sleep", "1000")));

        host.lifecycle.kill(dying.id(), "KILL");

        assertThat(exec.await().code().value()).isEqualTo(137);
        exec.streams().close();
        host.lifecycle.await(dying.id(), WaitCondition.NOT_RUNNING);
        assertThatThrownBy(() -> execs.start(dying.id(), ExecConfig.of(List.of("true"))))
                .isInstanceOf(ConflictException.class)
                .hasMessage("Container " + dying.name() + " is not running");
    }

    @Test
    void nothingIsLeftOfExecsThatEnded() throws Exception {
        run("true");
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            run("true");
        }
        await().untilAsserted(() -> {
            assertThat(descriptors()).isLessThanOrEqualTo(before);
            try (var folders = Files.list(host.layout.execs())) {
                assertThat(folders).isEmpty();
            }
        });
    }

    @Test
    void execOfADaemonThatEndedIsFoundWithItsExitCode() throws Exception {
        Execs last = open(host);
        Exec ends = last.start(
                container.id(), ExecConfig.of(List.of("sh", "-c", "until [ -e /end ]; do sleep 0.1; done; exit 5")));
        Exec detached = last.start(
                container.id(),
                new ExecConfig(List.of("sleep", "1000"), List.of(), "", "", true, false, false, false, 0, 0, ""));
        Exec lost = last.start(container.id(), ExecConfig.of(List.of("sleep", "1000")));
        int supervisor = lost.session().conmonPid().orElseThrow();

        last.close();
        Execs next = open(host);
        Files.createDirectories(host.layout.execs().resolve("0".repeat(64)));
        next.recover();
        assertThat(next.get(ends.id()).exit()).isEmpty();
        run("sh", "-c", ": > /end");
        dev.wherry.daemon.linux.Processes.kill(supervisor, 9);

        assertThat(next.get(ends.id()).await()).isEqualTo(Exit.of(5));
        assertThat(next.get(lost.id()).await().error()).contains("was killed");
        assertThat(next.get(detached.id()).exit()).isEmpty();
        next.get(detached.id()).resize(120, 40);
        next.get(detached.id()).signal("TERM");
        next.get(detached.id()).signal("KILL");
        assertThat(next.get(detached.id()).await().code().value()).isIn(137, 143);
        assertThat(ExecJson.of(next.get(detached.id())))
                .contains("\"Running\":false", "\"entrypoint\":\"sleep\",\"arguments\":[\"1000\"]");
        for (Exec exec : List.of(ends, detached, lost)) {
            exec.streams().close();
        }
        await().untilAsserted(() -> {
            try (var folders = Files.list(host.layout.execs())) {
                assertThat(folders).isEmpty();
            }
        });
    }

    private static long descriptors() throws Exception {
        try (var open = Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
