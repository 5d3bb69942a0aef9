package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a container sees of the flags that say how it is kept in. */
class SandboxIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    /** Runs a shell in a container made with the flags, and returns what it writes. */
    private static String shell(String script, String... flags) {
        return run(script, flags).ok().line();
    }

    private static Outcome run(String script, String... flags) {
        List<String> command = new ArrayList<>(List.of("run", "--rm"));
        command.addAll(List.of(flags));
        command.addAll(List.of("busybox", "sh", "-c", script));
        return daemon.wherry(command.toArray(String[]::new));
    }

    @Test
    void capabilitiesAreDockersUnlessAskedFor() {
        String show = "grep -E 'Cap|NoNew|Seccomp:' /proc/self/status | cut -f2 | tr '\\n' ' '";

        assertThat(shell(show))
                .startsWith("0000000000000000 00000000a80425fb 00000000a80425fb 00000000a80425fb"
                        + " 0000000000000000 0 2");
        assertThat(shell(
                        show,
                        "--cap-drop=ALL",
                        "--cap-add=net_admin",
                        "--security-opt=no-new-privileges",
                        "--security-opt=seccomp=unconfined"))
                .startsWith("0000000000000000 0000000000001000 0000000000001000 0000000000001000"
                        + " 0000000000000000 1 0");
        assertThat(shell("id -G; echo x > /etc/made; stat -c %u /etc/made", "--group-add=nogroup", "--group-add=4711"))
                .isEqualTo("0 4711 65534\n0");
    }

    @Test
    void privilegedKeepsNothingFromIt() {
        String[] lines = shell(
                        "grep CapBnd /proc/self/status | cut -f2; grep CapBnd /proc/1/status | cut -f2;"
                                + " ls /dev | wc -l; mount | grep -c '^proc on /proc/'; mount -t tmpfs x /mnt 2>&1 ||"
                                + " mkdir /mnt && mount -t tmpfs x /mnt && echo mounted; grep Seccomp: /proc/self/status",
                        "--privileged")
                .split("\n");

        assertThat(Long.parseLong(lines[0], 16)).isGreaterThan(0xa80425fbL);
        assertThat(Integer.parseInt(lines[2])).isGreaterThan(20);
        assertThat(String.join("\n", lines)).contains("mounted", "Seccomp:\t0");
    }

    @Test
    void seccompProfileDecidesOverSystemCalls() throws IOException {
        Path profile = Files.writeString(daemon.home().resolve("profile.json"), """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}""");

        assertThat(run("mkdir /made", "--security-opt=seccomp=" + profile).stderr())
                .contains("Function not implemented");
        assertThat(run("unshare -m true").stderr()).contains("Operation not permitted");
        assertThat(shell("unshare -m echo apart", "--cap-add=SYS_ADMIN")).isEqualTo("apart");
    }

    @Test
    void readOnlyRootHasWritableMemory() {
        assertThat(shell(
                        "touch /x /etc/hosts 2>&1 | grep -c 'Read-only'; touch /t/a /u/b /dev/shm/c && stat -c %a /t;"
                                + " df -k /t /u /dev/shm | awk 'NR > 1 {print $2}' | tr '\\n' ' '; cp /bin/busybox /t/p"
                                + " && /t/p true 2>&1 | grep -o 'denied'",
                        "--read-only",
                        "--tmpfs=/t:size=4m,mode=700",
                        "--mount=type=tmpfs,dst=/u,tmpfs-size=2m",
                        "--shm-size=3m"))
                .isEqualTo("2\n700\n4096 2048 3072 denied");
    }

    @Test
    void devicesAreThoseAskedFor() {
        assertThat(shell(
                        "stat -c '%F %t:%T' /dev/nothing; echo x > /dev/nothing && echo written;"
                                + " mknod /dev/fuse2 c 10 229 && echo made; ls /dev | tr '\\n' ' '",
                        "--device=/dev/null:/dev/nothing", "--device-cgroup-rule=c 10:229 m"))
                .startsWith("character special file 1:3\nwritten\nmade\n")
                .endsWith("fd full fuse2 mqueue nothing null ptmx pts random shm stderr stdin stdout tty urandom zero");
        assertThat(run("true", "--device=/dev/absent").refuses(125)).contains("device /dev/absent", "not there");
    }

    @Test
    void limitsReachTheKernel() {
        String version1 = "cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us cpu/cpu.shares pids/pids.max"
                + " cpuset/cpuset.cpus";
        String version2 = "cat memory.max cpu.max cpu.weight pids.max cpuset.cpus";
        String values = shell(
                "cd /sys/fs/cgroup; if [ -d memory ]; then " + version1 + "; else " + version2
                        + "; fi; cat /proc/self/oom_score_adj; grep 'open files' /proc/self/limits | tr -s ' '",
                "--memory=64m",
                "--cpus=0.5",
                "--cpu-shares=512",
                "--pids-limit=20",
                "--cpuset-cpus=0",
                "--oom-score-adj=100",
                "--ulimit=nofile=64:128");

        assertThat(values).startsWith("67108864\n50000").endsWith("20\n0\n100\nMax open files 64 128 files");
    }

    @Test
    void namesAreThoseAskedFor() {
        assertThat(shell(
                        "cat /etc/resolv.conf /etc/hosts; hostname; cat /proc/sys/kernel/domainname"
                                + " /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/ip_unprivileged_port_start",
                        "--network=none",
                        "--dns=192.0.2.1",
                        "--dns-search=example.org",
                        "--dns-option=ndots:2",
                        "--add-host=db:10.0.0.7",
                        "--hostname=me",
                        "--domainname=example.org",
                        "--sysctl=net.core.somaxconn=77"))
                .isEqualTo("nameserver 192.0.2.1\nsearch example.org\noptions ndots:2\n127.0.0.1\tlocalhost\n"
                        + "::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\tme.example.org me\n10.0.0.7\tdb\n"
                        + "me\nexample.org\n77\n0");
    }

    @Test
    void namespacesAreOwnSharedOrJoined() throws Exception {
        String list = "for n in net ipc pid uts; do readlink /proc/self/ns/$n; done";
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "first",
                        "--network",
                        "none",
                        "--ipc",
                        "shareable",
                        "--hostname",
                        "one",
                        "busybox",
                        "sh",
                        "-c",
                        "echo kept > /dev/shm/x; exec sleep 60")
                .ok();
        try {
            String first = daemon.wherry("inspect", "-f", "{{.State.Pid}}", "first")
                    .ok()
                    .line();
            String joined = shell(
                    list + "; cat /dev/shm/x; hostname; grep -c sleep /proc/1/cmdline; cat /etc/hostname",
                    "--network=container:first",
                    "--ipc=container:first",
                    "--pid=container:first");

            assertThat(joined)
                    .contains(namespace(first, "net"), namespace(first, "ipc"), namespace(first, "pid"))
                    .doesNotContain(namespace(first, "uts"))
                    .endsWith("kept\none\n1\none");
            assertThat(shell(list)).doesNotContain(namespace("self", "ipc"), namespace("self", "pid"));
            assertThat(shell(list, "--pid=host", "--ipc=host", "--uts=host", "--network=host"))
                    .contains(
                            namespace("self", "net"),
                            namespace("self", "ipc"),
                            namespace("self", "pid"),
                            namespace("self", "uts"));
            assertThat(run("true", "--network=container:first", "--hostname=x").refuses(125))
                    .contains("hostname");
        } finally {
            daemon.wherry("stop", "-t", "0", "first").ok();
        }
        assertThat(run("true", "--network=container:first").refuses(125)).contains("it does not run");
        assertThat(run("true", "--network=container:nobody").refuses(125)).contains("nobody");
    }

    private static String namespace(String pid, String name) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", pid, "ns", name)).toString();
    }

    @Test
    void bindsAreMadeInTheOrderOfTheirDepth() throws IOException {
        Path outer = Files.createDirectory(daemon.home().resolve("outer"));
        Path inner = Files.createDirectory(daemon.home().resolve("inner"));
        Files.writeString(inner.resolve("file"), "inner");
        Path absent = daemon.home().resolve("absent/deep");

        assertThat(shell(
                        "cat /a/b/file; touch /a/b/x 2>&1 | grep -o Read-only; echo out > /a/file; touch /c/made",
                        "-v",
                        inner + ":/a/b:ro",
                        "-v",
                        outer + ":/a",
                        "-v",
                        absent + ":/c"))
                .isEqualTo("innerRead-only");
        assertThat(outer.resolve("file")).hasContent("out\n");
        assertThat(absent.resolve("made")).exists();
        assertThat(run("true", "--mount=type=bind,src=/nowhere/x,dst=/x").refuses(125))
                .contains("bind source path does not exist");
    }

    @Test
    void initReapsAndPassesOnTheExitCode() {
        assertThat(shell(
                        "tr '\\0' ' ' < /proc/1/cmdline; (sleep 0.2 &) ; sleep 0.5; ls -d /proc/[0-9]* | wc -l",
                        "--init"))
                .startsWith("/sbin/docker-init -- sh -c")
                .endsWith("4");
        run("exit 7", "--init").exits(7);
    }

    @Test
    void runtimeIsThatOfAName() throws Exception {
        Path witness = daemon.home().resolve("witness");
        Path runtime = Files.writeString(
                daemon.home().resolve("runtime"), "#!/bin/sh\necho \"$*\" >> " + witness + "\nexec runc \"$@\"\n");
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(shell("echo ran", "--runtime=" + runtime)).isEqualTo("ran");
        assertThat(witness).content().contains(" create ");
        assertThat(run("true", "--runtime=nosuch").refuses(125)).contains("runtime nosuch", "\"runtimes\"");
    }

    @Test
    void memoryHogIsToldApart() {
        daemon.wherry(
                        "run",
                        "--name",
                        "hog",
                        "--memory",
                        "8m",
                        "--memory-swap",
                        "8m",
                        "busybox",
                        "sh",
                        "-c",
                        "x=x; while :; do x=$x$x; done")
                .exits(137);
        daemon.wherry("run", "--init", "--name", "other", "busybox", "sh", "-c", "kill -9 $$")
                .exits(137);

        assertThat(daemon.wherry("inspect", "-f", "{{.State.OOMKilled}}", "hog")
                        .ok()
                        .line())
                .isEqualTo("true");
        assertThat(daemon.wherry("inspect", "-f", "{{.State.OOMKilled}}", "other")
                        .ok()
                        .line())
                .isEqualTo("false");
        daemon.wherry("rm", "hog", "other").ok();
    }

    @Test
    void forkBombStaysWithinItsLimit() {
        Outcome bomb =
                run("for i in $(seq 50); do sleep 5 & done; ls -d /proc/[0-9]* | wc -l; kill -9 -1", "--pids-limit=12");

        assertThat(bomb.stdout() + bomb.stderr()).containsAnyOf("fork", "Resource temporarily unavailable");
        assertThat(shell("echo well")).isEqualTo("well");
    }

    @Test
    void wrongFlagsAreRefusedWhenItIsCreated() {
        Map<String, String> named = Map.of(
                "--cap-add=FLY",
                "capability to add",
                "--security-opt=apparmor=mine",
                "AppArmor",
                "--add-host=x:y",
                "host");
        named.forEach((flag, name) -> {
            Outcome refused = daemon.wherry("create", flag, "busybox");
            assertThat(refused.stderr()).as(flag).startsWith("wherry: ").contains(name);
            assertThat(refused.stderr().strip()).as(flag).doesNotContain("\n");
        });
        assertThat(daemon.wherry("create", "--security-opt=label=disable", "busybox")
                        .ok()
                        .stderr())
                .contains("no effect");
    }
}
