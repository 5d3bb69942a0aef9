package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docker's users ask of a container, and what they are told of it afterwards. */
class ContainerFlagsIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void inspectTellsTheFlagsByDockersNames() {
        daemon.wherry(("create --name told -m 64m --cpus 1.5 --pids-limit 9 --restart on-failure:3 --cap-add NET_ADMIN"
                                + " --cap-drop MKNOD --ulimit nofile=10:20 --sysctl kernel.msgmax=9000 --read-only"
                                + " --init --stop-timeout 3 --log-opt max-size=1m --health-cmd true"
                                + " --health-interval 2m --tmpfs /t:size=1m -v /tmp:/h:ro"
                                + " --mount type=tmpfs,dst=/m,tmpfs-size=1m --device /dev/null:/dev/n:r"
                                + " --add-host db:10.0.0.7 --dns 1.1.1.1 --expose 80 --shm-size 1m --network none"
                                + " --annotation a=b --group-add 7 busybox true")
                        .split(" "))
                .ok();

        assertThat(
                        told(
                                "{{with .HostConfig}}{{.Memory}} {{.MemorySwap}} {{.NanoCpus}} {{.PidsLimit}} {{.RestartPolicy.Name}}"
                                        + " {{.RestartPolicy.MaximumRetryCount}} {{.CapAdd}} {{.CapDrop}} {{json .Ulimits}} {{.Sysctls}}"
                                        + " {{.ReadonlyRootfs}} {{.Init}} {{.LogConfig.Type}} {{.LogConfig.Config}} {{.Tmpfs}} {{.Binds}}"
                                        + " {{json .Mounts}} {{json .Devices}} {{.ExtraHosts}} {{.Dns}} {{.ShmSize}} {{.NetworkMode}}"
                                        + " {{.Annotations}} {{.GroupAdd}} {{json .SecurityOpt}} {{json .MemorySwappiness}}{{end}}"))
                .isEqualTo("67108864 134217728 1500000000 9 on-failure 3 [NET_ADMIN] [MKNOD]"
                        + " [{\"Name\":\"nofile\",\"Hard\":20,\"Soft\":10}] map[kernel.msgmax:9000] true true json-file"
                        + " map[max-size:1m] map[/t:size=1m] [/tmp:/h:ro]"
                        + " [{\"Type\":\"tmpfs\",\"Target\":\"/m\",\"TmpfsOptions\":{\"SizeBytes\":1048576}}]"
                        + " [{\"PathOnHost\":\"/dev/null\",\"PathInContainer\":\"/dev/n\",\"CgroupPermissions\":\"r\"}]"
                        + " [db:10.0.0.7] [1.1.1.1] 1048576 none map[a:b] [7] null null");
        assertThat(
                        told(
                                "{{.Config.StopTimeout}} {{json .Config.Healthcheck}} {{.Config.ExposedPorts}}"
                                        + " {{range .Mounts}}{{.Type}},{{.Source}},{{.Destination}},{{.Mode}},{{.RW}},{{.Propagation}};{{end}}"))
                .isEqualTo("3 {\"Test\":[\"CMD-SHELL\",\"true\"],\"Interval\":120000000000} map[80/tcp:map[]]"
                        + " bind,/tmp,/h,ro,false,rprivate;tmpfs,,/m,,true,;");
    }

    private static String told(String template) {
        return daemon.wherry("inspect", "-f", template, "told").ok().line();
    }

    @Test
    void nameAloneRemovesTheVariableOfTheImage() {
        String shown = "echo ${UNSET_HERE-unset}";
        daemon.wherry("create", "--name", "made", "busybox").ok();
        daemon.wherry("commit", "-c", "ENV UNSET_HERE=image", "made", "with-env")
                .ok();
        daemon.wherry("run", "-d", "--name", "lasting", "with-env", "sleep", "1000")
                .ok();

        assertThat(daemon.wherry("run", "--rm", "-e", "UNSET_HERE", "with-env", "sh", "-c", shown)
                        .line())
                .isEqualTo("unset");
        assertThat(daemon.wherry("exec", "-e", "UNSET_HERE", "lasting", "sh", "-c", shown)
                        .line())
                .isEqualTo("unset");
        assertThat(daemon.wherry("exec", "lasting", "sh", "-c", shown).line()).isEqualTo("image");
    }

    @Test
    void nameHasAtLeastTwoCharacters() {
        assertThat(daemon.wherry("create", "--name", "s", "busybox").refuses(1)).contains("2 to 128");
        assertThat(daemon.wherry("run", "--name", "s", "busybox").refuses(125)).contains("2 to 128");
    }

    @Test
    void negativeStopTimeoutIsNoLimit() {
        daemon.wherry("create", "--name", "patient", "--stop-timeout", "-1", "busybox")
                .ok();

        assertThat(daemon.wherry("inspect", "-f", "{{.Config.StopTimeout}}", "patient")
                        .line())
                .isEqualTo("-1");
    }

    @Test
    void daemonKnowsTheLimitsThereAre() {
        assertThat(daemon.wherry("run", "--ulimit", "nosuch=1", "busybox").refuses(125))
                .contains("nosuch");
        assertThat(daemon.wherry("run", "--ulimit", "nofile=2:1", "busybox").refuses(125))
                .contains("soft limit");
    }

    @Test
    void sizeIsWhatWasWritten() {
        daemon.wherry("run", "--name", "writer", "busybox", "sh", "-c", "head -c 100000 /dev/zero > /file")
                .ok();

        assertThat(daemon.wherry("inspect", "-s", "-f", "{{.SizeRw}}", "writer")
                        .ok()
                        .line())
                .isEqualTo("100000");
        assertThat(daemon.wherry("inspect", "-f", "{{json .}}", "writer").ok().line())
                .doesNotContain("SizeRw");
        assertThat(daemon.wherry("ps", "-as", "-f", "name=writer").ok().stdout())
                .containsPattern("SIZE\n.*100kB \\(virtual [0-9.]+MB\\)\n");
    }

    @Test
    void bindAndMemoryAreMountedAsAsked() throws IOException {
        Path shared = Files.createDirectory(daemon.home().resolve("shared"));
        Files.writeString(shared.resolve("in"), "from the host\n");

        assertThat(daemon.wherry(
                                "run",
                                "--rm",
                                "-v",
                                shared + ":/a",
                                "-v",
                                shared + ":/b:ro",
                                "--tmpfs",
                                "/c",
                                "busybox",
                                "sh",
                                "-c",
                                "cat /a/in; echo out > /a/out; touch /b/no || touch /c/yes && ls /c")
                        .ok()
                        .stdout())
                .isEqualTo("from the host\nyes\n");
        assertThat(shared.resolve("out")).hasContent("out");
    }

    @Test
    void onlyTheStreamsAskedForAreJoined() {
        Outcome quiet = daemon.wherry("run", "--rm", "-a", "stderr", "busybox", "sh", "-c", "echo out; echo err >&2");

        assertThat(quiet.ok().stdout()).isEmpty();
        assertThat(quiet.stderr()).isEqualTo("err\n");
    }

    @Test
    void everyInterruptGoesToTheContainer() throws Exception {
        Process client = daemon.spawn(
                daemon.home(),
                "run",
                "--rm",
                "busybox",
                "sh",
                "-c",
                "n=0; trap 'n=$((n+1)); echo $n; [ $n = 2 ] && exit 5' INT; echo ready;"
                        + " while :; do sleep 0.05; done");
        assertThat(client.inputReader().readLine()).isEqualTo("ready");

        interrupt(client);
        assertThat(client.inputReader().readLine()).isEqualTo("1");
        interrupt(client);

        Outcome.of(List.of("run"), client, Duration.ofSeconds(30)).exits(5);
    }

    @Test
    void signalsStayHereWhenTheyAreNotToBePassedOn() throws Exception {
        Process client = daemon.spawn(
                daemon.home(),
                "run",
                "--sig-proxy=false",
                "--name",
                "left",
                "busybox",
                "sh",
                "-c",
                "trap 'exit 5' INT; echo ready; while :; do sleep 0.05; done");
        assertThat(client.inputReader().readLine()).isEqualTo("ready");

        interrupt(client);

        Outcome.of(List.of("run"), client, Duration.ofSeconds(30)).exits(130);
        assertThat(daemon.wherry("inspect", "-f", "{{.State.Status}}", "left")
                        .ok()
                        .line())
                .isEqualTo("running");
        daemon.wherry("rm", "-f", "left").ok();
    }

    private static void interrupt(Process client) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(client.pid())).start().waitFor();
    }

    @Test
    void detachKeysAreThoseAskedFor() throws Exception {
        try (Screen screen = new Screen(daemon, daemon.home(), 100, 30)) {
            screen.type("wherry run -it --detach-keys ctrl-x,d --name detached busybox sh");
            screen.await(text -> text.contains("/ #"));
            screen.press("C-x");
            screen.press("d");
            screen.await(text -> text.contains("read escape sequence"));
        }
        assertThat(daemon.wherry("inspect", "-f", "{{.State.Running}}", "detached")
                        .ok()
                        .line())
                .isEqualTo("true");
        daemon.wherry("rm", "-f", "detached").ok();
        assertThat(daemon.wherry("run", "--detach-keys", "ctrl-", "busybox", "true")
                        .exits(125)
                        .stderr())
                .startsWith("wherry: invalid detach keys (ctrl-): unknown key \"ctrl-\"");
    }

    @Test
    void containersAreRenamedPausedRestartedUpdatedAndPruned() {
        String id = daemon.wherry("run", "-d", "--name", "old", "-l", "lab=1", "busybox", "sleep", "1000")
                .ok()
                .line();

        assertThat(daemon.wherry("rename", "old", "new").ok().stdout()).isEmpty();
        assertThat(daemon.wherry("pause", "new").ok().stdout()).isEqualTo("new\n");
        assertThat(daemon.wherry("ps", "-f", "status=paused", "--format", "{{.Names}} {{.Status}}")
                        .ok()
                        .stdout())
                .matches("new Up .* \\(Paused\\)\n");
        assertThat(daemon.wherry("unpause", "new").ok().stdout()).isEqualTo("new\n");
        assertThat(daemon.wherry("restart", "-t", "0", "new").ok().stdout()).isEqualTo("new\n");
        assertThat(daemon.wherry("update", "--restart", "unless-stopped", "new")
                        .ok()
                        .stdout())
                .isEqualTo("new\n");
        assertThat(daemon.wherry("inspect", "-f", "{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}", "new")
                        .ok()
                        .line())
                .isEqualTo("true unless-stopped");
        assertThat(daemon.wherry("port", "new").ok().stdout()).isEmpty();
        assertThat(daemon.wherry("port", "new", "80").exits(1).stderr())
                .isEqualTo("wherry: no public port '80/tcp' published for new\n");
        assertThat(daemon.wherry("update", "new").exits(1).stderr()).contains("you must provide one or more flags");

        daemon.wherry("stop", "-t", "0", "new").ok();
        assertThat(daemon.wherry("container", "prune", "-f", "--filter", "label=lab=2")
                        .ok()
                        .stdout())
                .isEqualTo("Total reclaimed space: 0B\n");
        assertThat(daemon.wherry("container", "prune", "-f", "--filter", "label=lab", "--filter", "label!=other")
                        .ok()
                        .stdout())
                .startsWith("Deleted Containers:\n" + id + "\n\nTotal reclaimed space: ");
    }

    @Test
    void whatATerminalWouldObeyIsShownEscaped() {
        String evil = "\033]0;title\007\033[31mred";
        daemon.wherry("create", "--name", "evil", "-l", "x=" + evil, "busybox", evil)
                .ok();

        for (String format : List.of("table", "table {{.Labels}}", "{{.Labels}} {{.Command}}", "json")) {
            assertThat(daemon.wherry("ps", "-a", "--no-trunc", "-f", "name=evil", "--format", format)
                            .ok()
                            .stdout())
                    .doesNotContain("\033", "\007")
                    .contains("31mred");
        }
        assertThat(daemon.wherry("inspect", "evil").ok().stdout()).doesNotContain("\033", "\007");
        assertThat(daemon.wherry("start", "-a", "evil").exits(127).stderr())
                .doesNotContain("\033", "\007")
                .contains("\\x1b[31mred");
    }
}
