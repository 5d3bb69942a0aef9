package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the process of a RUN sees of the host, and what it is kept from. */
class RunSandboxIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static Project project(String... lines) throws IOException {
        return Project.of(daemon, "FROM busybox\n" + String.join("\n", lines) + "\n");
    }

    @Test
    void networkIsThatOfTheInstructionThenThatOfTheBuild() throws Exception {
        Project project = project(
                "RUN --network=none ls /sys/class/net > /none",
                "RUN --network=host readlink /proc/self/ns/net > /host",
                "RUN readlink /proc/self/ns/net > /default; ls /sys/class/net > /links");
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();

        String id = project.id("--allow", "network.host");

        assertThat(project.shell(id, "cat /none")).isEqualTo("lo");
        assertThat(project.shell(id, "cat /host")).isEqualTo(host);
        assertThat(project.shell(id, "cat /default")).isNotEqualTo(host);
        assertThat(project.shell(id, "cat /links").lines()).contains("eth0", "lo");
        assertThat(project.shell(project.id("--network", "host"), "cat /default"))
                .isEqualTo(host);
        assertThat(project.build("--network", "default").refuses(1))
                .contains("Dockerfile:3", "the entitlement network.host");
        assertThat(project.build("--network", "none").refuses(1))
                .contains("Dockerfile:3", "the entitlement network.host");
        id = project.id("--network", "none", "--allow", "network.host");
        assertThat(project.shell(id, "cat /host")).isEqualTo(host);
        assertThat(project.shell(id, "cat /links")).isEqualTo("lo");
    }

    @Test
    void hostsSharedMemoryAndLimitsAreThoseAskedFor() throws Exception {
        Project project =
                project("RUN cat /etc/hosts > /out; df -k /dev/shm >> /out; ulimit -n >> /out; ulimit -Hn >> /out;"
                        + " cat /etc/resolv.conf > /resolv");

        String id = project.id(
                "--add-host",
                "db:10.0.0.7",
                "--add-host",
                "me=host-gateway",
                "--shm-size",
                "3m",
                "--ulimit",
                "nofile=77:99");

        assertThat(project.shell(id, "cat /out"))
                .contains("10.0.0.7\tdb", " 3072 ")
                .containsPattern("\n[0-9.]+\\.1\tme\n")
                .endsWith("77\n99");
        assertThat(project.shell(id, "cat /resolv"))
                .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")).strip());
        String layer = project("RUN true").id("--add-host", "db:10.0.0.7");
        assertThat(daemon.wherry("run", "--rm", "--entrypoint", "cat", layer, "/etc/hosts")
                        .ok()
                        .stdout())
                .doesNotContain("10.0.0.7");
        assertThat(project.build("--add-host", "db").refuses(125)).contains("bad format for add-host");
        assertThat(project.build("--ulimit", "nofile=lots").refuses(125)).contains("\"lots\" is not a whole number");
    }

    @Test
    void insecureMustBeAllowed() throws Exception {
        Project project =
                project("RUN --security=insecure mkdir /m && mount -t tmpfs none /m && umount /m && rmdir /m");

        assertThat(project.build().refuses(1)).contains("Dockerfile:2", "the entitlement security.insecure");
        project.build("--allow", "security.insecure").ok();
        project("RUN ! mount -t tmpfs none /mnt")
                .build("--allow", "security.insecure")
                .ok();
        assertThat(project.build("--allow", "security.all").refuses(1)).contains("security.insecure");
    }

    @Test
    void devicesAreThoseTheHostDescribesAndTheBuildAllows() throws Exception {
        Path spec = Path.of("/var/run/cdi/wherry-it-" + ProcessHandle.current().pid() + ".json");
        boolean made = Files.notExists(spec.getParent());
        Files.createDirectories(spec.getParent());
        try {
            Files.writeString(spec, """
                    {"cdiVersion": "0.6.0", "kind": "wherry.test/it", "devices": [
                      {"name": "zero", "containerEdits": {"env": ["ZERO=injected"],
                       "deviceNodes": [{"path": "/dev/it-zero", "hostPath": "/dev/zero"}],
                       "mounts": [{"hostPath": "/etc/hostname", "containerPath": "/it-name", "options": ["ro"]}]}},
                      {"name": "free", "annotations": {"org.mobyproject.buildkit.device.autoallow": "true"},
                       "containerEdits": {"env": ["FREE=injected"]}}]}
                    """);
            Project zero = project(
                    "RUN --device=wherry.test/it=zero head -c 3 /dev/it-zero | wc -c > /o; cat /it-name >> /o; echo $ZERO >> /o");
            assertThat(zero.build().refuses(1))
                    .contains(
                            "Dockerfile:2",
                            "wherry.test/it=zero is not allowed",
                            "the entitlement device=wherry.test/it=zero");
            for (String allowed : List.of("device", "device=wherry.test/it=zero")) {
                String id = zero.id("--allow", allowed, "--no-cache");
                assertThat(zero.shell(id, "cat /o"))
                        .isEqualTo("3\n"
                                + Files.readString(Path.of("/etc/hostname")).strip() + "\ninjected");
                assertThat(zero.shell(id, "ls /dev/it-zero /it-name 2>&1; true"))
                        .doesNotContain("\n/");
            }
            Project free = project("RUN --device=wherry.test/it=free echo $FREE > /o");
            assertThat(free.shell(free.id(), "cat /o")).isEqualTo("injected");
        } finally {
            Files.delete(spec);
            if (made) {
                Files.delete(spec.getParent());
            }
        }
        Project none = project("RUN --device=wherry.test/none,required true");
        assertThat(none.build("--allow", "device").refuses(1)).contains("Dockerfile:2", "\"wherry.test/none\"");
        project("RUN --device=wherry.test/none true").build().ok();
    }

    @Test
    void aStepReachesNeitherTheDaemonNorTheHost() throws Exception {
        Path witness = Files.writeString(daemon.home().resolve("witness"), "host");
        long pid = daemon.pid();
        String disk = "$(awk '$4 ~ /^(vd|sd|nvme)/ {print $1,$2; exit}' /proc/partitions)";
        Project project = project(
                "RUN test ! -e " + daemon.socket() + " && test ! -e " + daemon.root() + " && test ! -e " + witness,
                // The daemon's own abstract sockets, if it had any, would be named in the host's network namespace.
                "RUN ! grep -q '@.*wherry' /proc/net/unix",
                "RUN test \"$(ls -d /proc/[0-9]* | wc -l)\" -lt 20 && ! kill -0 " + pid + " 2>/dev/null",
                "RUN for p in /proc/*/root/" + daemon.root() + "; do test ! -e $p; done",
                "RUN mknod /disk b " + disk + " && ! head -c 1 /disk 2>/err && grep -qiE 'permitted|denied' /err"
                        + " && rm /disk /err",
                "RUN mknod /mem c 1 1 && ! head -c 1 /mem 2>/dev/null && rm /mem",
                "RUN ! sh -c 'echo x > /proc/sys/kernel/hostname' 2>/dev/null"
                        + " && ! sh -c 'echo c > /proc/sysrq-trigger' 2>/dev/null"
                        + " && ! mkdir /sys/fs/cgroup/cpu/x 2>/dev/null && ! sh -c 'echo 1 > /sys/kernel/profiling' 2>/dev/null",
                "RUN test \"$(head -c 1 /proc/kcore | wc -c)\" = 0 && test \"$(cat /proc/keys | wc -c)\" = 0",
                "RUN ! mount -o bind / /mnt 2>/dev/null && ! chroot /proc/1/root/.. ls " + daemon.root()
                        + " 2>/dev/null",
                "RUN ! unshare -U true 2>/dev/null && ! unshare -m true 2>/dev/null && ! nsenter -t 1 -m true 2>/dev/null",
                "RUN grep -q '^CapEff:.00000000a80425fb$' /proc/self/status && grep -q '^Seccomp:.2$' /proc/self/status"
                        + " && grep -q '^CapInh:.0000000000000000$' /proc/self/status",
                "RUN ls -l /proc/self/fd | grep -v pipe | grep -q ' /' || true; for f in 3 4 5 6 7 8 9; do"
                        + " test ! -e /proc/1/fd/$f || readlink /proc/1/fd/$f | grep -q /bin/; done");

        project.build("--no-cache").ok();
    }

    @Test
    void anInterruptKillsWhatRunsAndKeepsWhatIsDone() throws Exception {
        String sleep = Integer.toString(7_000_000 + (int) (daemon.pid() % 100_000));
        Project project = project(
                "RUN echo done-before",
                "RUN --mount=type=cache,target=/c,sharing=locked" + " trap '' INT TERM HUP; sleep " + sleep);
        Process build = daemon.spawn(project.folder(), "build", ".");
        await().atMost(Duration.ofSeconds(20)).until(() -> runs(sleep));

        new ProcessBuilder("kill", "-INT", Long.toString(build.pid())).start().waitFor();
        assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> !runs(sleep));

        project.file(
                "Dockerfile",
                "FROM busybox\nRUN echo done-before\nRUN --mount=type=cache,target=/c,sharing=locked true\n");
        assertThat(Project.steps(project.build().ok())).anyMatch(step -> step.equals("CACHED RUN echo done-before"));
    }

    private static boolean runs(String argument) throws IOException {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (command.equals("sleep\0" + argument + "\0")) {
                        return true;
                    }
                } catch (IOException gone) {
                    continue;
                }
            }
        }
        return false;
    }
}
