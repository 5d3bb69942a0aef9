package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made to reach out of their container; the host stays as it was, and the daemon works on. */
class HostileImageIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static Path bait;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        bait = Files.createDirectory(daemon.home().resolve("bait"));
        Files.writeString(bait.resolve("file"), "bait of the host\n");
    }

    /** The image of busybox after a script has changed its root file system, in which it runs on the host. */
    private static String image(String name, String script) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory(daemon.home(), "hostile-");
        Path tar = daemon.home().resolve(name + ".tar");
        String command = "tar -C \"$0\" -xf \"$1\" && cd \"$0\" && { " + script + "; } && tar -cf \"$2\" .";
        Process made = new ProcessBuilder(
                        "sh",
                        "-ec",
                        command,
                        root.toString(),
                        Busybox.tar(daemon.home()).toString(),
                        tar.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        daemon.wherry("import", tar.toString(), name).ok();
        return name;
    }

    private static Outcome run(String image, String script, String... flags) {
        List<String> command = new ArrayList<>(List.of("run", "--rm"));
        command.addAll(List.of(flags));
        command.addAll(List.of(image, "sh", "-c", script));
        return daemon.wherry(command.toArray(String[]::new));
    }

    private static void hostIsAsItWas() throws IOException {
        assertThat(bait.resolve("file")).hasContent("bait of the host\n");
        try (var entries = Files.list(bait)) {
            assertThat(entries).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc", "sys", "dev"})
    void placesOfTheKernelAreNoLinks(String name) throws Exception {
        String image = image("link-" + name, "rm -rf " + name + "; ln -s " + bait + " " + name);

        assertThat(run(image, "true").refuses(125)).contains("/" + name + " of the image");
        hostIsAsItWas();
    }

    @Test
    void stepsOfABuildRunOnNoSuchImageEither() throws Exception {
        String image = image("built-on", "rm -rf dev; ln -s " + bait + " dev");

        assertThat(Project.of(daemon, "FROM " + image + "\nRUN true\n").build().refuses(1))
                .contains("/dev of the image");
        hostIsAsItWas();
    }

    @Test
    void filesOfNamesStayInside() throws Exception {
        String names = "for n in resolv.conf hosts hostname; do ln -sf ";
        String show = "cat /etc/resolv.conf /etc/hosts /etc/hostname";
        String absolute = image("names-absolute", names + bait + "/file etc/$n; done");
        String relative = image("names-relative", names + "../../../../../../../.." + bait + "/file etc/$n; done");
        String loop = image("names-loop", names + "$n etc/$n; done");

        for (String image : List.of(absolute, relative)) {
            assertThat(run(image, show, "--network=none").ok().stdout())
                    .doesNotContain("bait of the host")
                    .isNotEmpty();
        }
        assertThat(run(loop, "true").exitCode()).isNotZero();
        hostIsAsItWas();
    }

    @Test
    void usersComeFromTheImageAlone() throws Exception {
        Files.writeString(daemon.home().resolve("users"), "mallory:x:4711:4711::/:/bin/sh\n");
        String link = daemon.home() + "/users";
        String out = image("users-out", "ln -sf " + link + " etc/passwd; ln -sf " + link + " etc/group");
        String loop = image("users-loop", "ln -sf passwd etc/passwd; ln -sf group etc/group");

        assertThat(run(out, "true", "--user=mallory").refuses(125)).contains("mallory");
        assertThat(run(out, "true", "--group-add=mallory").refuses(125)).contains("mallory");
        assertThat(run(loop, "true", "--user=mallory").refuses(125)).contains("/etc/passwd");
        assertThat(run(out, "id -u", "--user=12").ok().line()).isEqualTo("12");
    }

    @Test
    void targetsOfMountsStayInside() throws Exception {
        Path source = Files.createDirectory(daemon.home().resolve("source"));
        String image =
                image("targets", "ln -s " + bait + " abs; ln -s ../../../../.." + bait + " rel; ln -s loop loop");

        assertThat(run(image, "touch /abs/made", "-v", source + ":/abs").ok().stdout())
                .isEmpty();
        assertThat(run(image, "touch /rel/sub/made", "-v", source + ":/rel/sub")
                        .ok()
                        .stdout())
                .isEmpty();
        assertThat(run(image, "true", "--tmpfs=/abs").ok().stdout()).isEmpty();
        assertThat(run(image, "true", "-v", source + ":/loop").exitCode()).isNotZero();
        assertThat(source.resolve("made")).exists();
        hostIsAsItWas();
    }

    @Test
    void workingDirectoryIsNoWayOut() throws Exception {
        String image = image(
                "workdir",
                "ln -s /proc/self/fd/7 seven; ln -s loop loop; mkdir -p proc; ln -s /tmp proc/self; ln -s " + bait
                        + " bait");

        for (int fd : new int[] {7}) {
            Outcome outcome = run("busybox", "ls ../../../..", "--workdir=/proc/self/fd/" + fd);
            assertThat(outcome.refuses(125)).contains("/proc/self/fd/" + fd);
        }
        assertThat(run(image, "ls", "--workdir=/seven/../../..").refuses(125)).contains("/seven");
        assertThat(run(image, "ls", "--workdir=/proc/1/root").refuses(125)).contains("/proc/1/root");
        assertThat(run(image, "ls", "--workdir=/loop").refuses(126)).contains("symbolic links");
        assertThat(run(image, "ls", "--workdir=/bait").stdout()).doesNotContain("file");
        assertThat(run(image, "pwd", "--workdir=/proc/sys").ok().line()).isEqualTo("/proc/sys");
        hostIsAsItWas();
    }

    @Test
    void runtimeCannotBeOverwrittenThroughItsOwnLink() throws Exception {
        Path runc = Path.of("/usr/bin/runc").toFile().exists() ? Path.of("/usr/bin/runc") : Path.of("/usr/sbin/runc");
        byte[] before = Files.readAllBytes(runc);
        String image = image("overwrite", "rm bin/sh; printf '#!/proc/self/exe\\n' > bin/sh; chmod 755 bin/sh");

        Outcome outcome = daemon.wherry("run", "--rm", image, "/bin/sh");
        run("busybox", "for p in /proc/[0-9]*; do (echo x > $p/exe) 2>/dev/null; done");
        run("busybox", "for i in 1 2 3; do for p in /proc/[0-9]*/exe; do cat /dev/null 2>/dev/null >> $p; done; done");

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(Files.readAllBytes(runc)).isEqualTo(before);
    }

    @Test
    void hiddenPathsStayHidden() throws Exception {
        String image = image(
                "masked",
                "rm -rf dev/null; mkdir -p dev; ln -s " + bait + "/file dev/null; mkdir -p proc/kcore sys/firmware");

        String seen = run(
                        image,
                        "cat /proc/kcore /proc/interrupts /proc/keys /proc/timer_list 2>/dev/null | wc -c; ls /sys/firmware | wc -l;"
                                + " (echo 1 > /proc/sys/kernel/panic) 2>&1 | grep -o Read-only;"
                                + " umount /proc/interrupts 2>&1 | grep -o permitted",
                        "--network=none")
                .ok()
                .stdout();

        assertThat(seen).isEqualTo("0\n0\nRead-only\npermitted\n");
        hostIsAsItWas();
    }

    @Test
    void mountsRaceAgainstALinkInASharedFolder() throws Exception {
        Path shared = Files.createDirectory(daemon.home().resolve("shared"));
        Files.createDirectories(shared.resolve("real"));
        daemon.wherry(
                        "run",
                        "-d",
                        "--name",
                        "racer",
                        "-v",
                        shared + ":/shared",
                        "busybox",
                        "sh",
                        "-c",
                        "cd /shared; while :; do mkdir -p t; mv t a 2>/dev/null; ln -sfn / t; rm -f t; rmdir a 2>/dev/null; done")
                .ok();
        Path witness = Files.createDirectory(daemon.home().resolve("witness"));
        try {
            for (int attempt = 0; attempt < 3; attempt++) {
                run("busybox", "true", "-v", shared + ":/shared", "-v", witness + ":/shared/t/made-by-race");
            }
        } finally {
            daemon.wherry("rm", "-f", "racer").ok();
        }
        assertThat(Path.of("/made-by-race")).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("made-by-race");
        hostIsAsItWas();
    }

    @Test
    void exhaustedDescriptorsAreTheContainersOwn() throws Exception {
        Outcome outcome = run(
                "busybox",
                "i=0; while [ $i -lt 200 ]; do i=$((i+1)); eval \"exec $((i+2))</dev/null\" 2>/dev/null || break; done; echo ended",
                "--ulimit=nofile=32:32");

        assertThat(outcome.exitCode()).isIn(0, 1, 2);
        hostIsAsItWas();
    }
}
