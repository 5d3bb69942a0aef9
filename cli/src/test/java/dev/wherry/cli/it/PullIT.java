package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images of a registry, and the names that they have here. */
class PullIT {

    @RegisterExtension
    @Order(1)
    static final Registry registry = new Registry();

    @RegisterExtension
    @Order(2)
    static final Daemon daemon = new Daemon();

    private static Path tar;

    /** A short name is of the test's registry, and so is what Docker Hub holds. */
    @BeforeAll
    static void registries() throws Exception {
        tar = Busybox.tar(daemon.home());
        daemon.option("--registry", registry.host(), "--registry-mirror", "docker.io=" + registry.host());
        daemon.restart();
    }

    private static String push(String repository, String tag, String says) throws Exception {
        return registry.push(repository, tag, tar, "{\"Cmd\": [\"echo\", \"" + says + "\"], \"Env\": [\"A=b\"]}");
    }

    @Test
    void imageIsPulledByTagAndByDigest() throws Exception {
        String one = push("team/tagged", "one", "one");
        push("team/tagged", "two", "two");
        String name = registry.host() + "/team/tagged";

        assertThat(daemon.wherry("pull", name + ":two").ok().stdout())
                .startsWith("Digest: sha256:")
                .endsWith("Status: Downloaded newer image for " + name + ":two\n" + name + ":two\n");
        assertThat(daemon.wherry("pull", "-q", name + "@" + one).ok().stdout()).isEqualTo(name + "@" + one + "\n");

        assertThat(daemon.wherry("run", "--rm", name + ":two").ok().line()).isEqualTo("two");
        assertThat(daemon.wherry("run", "--rm", name + "@" + one).ok().line()).isEqualTo("one");
        assertThat(daemon.wherry("image", "inspect", "-f", "{{.RepoDigests}} {{.Config.Env}}", name + "@" + one)
                        .ok()
                        .line())
                .isEqualTo("[" + name + "@" + one + "] [A=b]");
        assertThat(daemon.wherry("pull", name + ":two").ok().stdout()).contains("Status: Image is up to date for ");
    }

    @Test
    void platformIsChosenFromAnIndex() throws Exception {
        String here = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String digest = push("team/index", "image", "mine");
        Map<String, String> manifests =
                new TreeMap<>(Map.of(here, digest, "riscv64", push("team/index", "other", "other")));
        String index = registry.pushIndex("team/index", "latest", manifests);

        daemon.wherry("pull", "team/index").ok();

        assertThat(daemon.wherry("run", "--rm", "team/index").ok().line()).isEqualTo("mine");
        assertThat(daemon.wherry("run", "--rm", registry.host() + "/team/index@" + index)
                        .ok()
                        .line())
                .isEqualTo("mine");
        assertThat(daemon.wherry("pull", "--platform", "linux/s390x", "team/index")
                        .exits(1)
                        .stderr())
                .contains("s390x");
    }

    @Test
    void shortNamesAndMirroredOnesAreFound() throws Exception {
        push("short", "latest", "short");
        push("library/hub", "latest", "hub");

        assertThat(daemon.wherry("run", "--rm", "-q", "short").ok().stdout()).isEqualTo("short\n");
        assertThat(daemon.wherry("run", "--rm", "-q", "docker.io/library/hub")
                        .ok()
                        .stdout())
                .isEqualTo("hub\n");
        Outcome first =
                daemon.wherry("run", "--rm", "--pull", "always", "short").ok();
        assertThat(first.stdout()).isEqualTo("short\n");
    }

    @Test
    void absentImageIsPulledByRunOnceAndSaidSo() throws Exception {
        push("once", "1", "first");

        assertThat(daemon.wherry("run", "--rm", "once:1").ok().stderr())
                .startsWith("Unable to find image 'once:1' locally\n");
        push("once", "1", "second");
        Outcome again = daemon.wherry("run", "--rm", "once:1").ok();

        assertThat(again.stderr()).isEmpty();
        assertThat(again.stdout()).isEqualTo("first\n");
        assertThat(daemon.wherry("run", "--rm", "--pull", "never", "absent")
                        .exits(125)
                        .stderr())
                .contains("absent");
    }

    @Test
    void baseIsPulledOnceUnlessANewerOneIsAskedFor() throws Exception {
        push("base", "latest", "first");
        Project project = Project.of(daemon, "FROM base\nRUN echo built > /built\n");

        String first = project.id();
        push("base", "latest", "second");

        assertThat(project.id()).isEqualTo(first);
        assertThat(Project.steps(project.build().ok())).allMatch(step -> step.startsWith("CACHED"));
        assertThat(project.inspect(first, "{{json .Config.Cmd}}")).isEqualTo("[\"echo\",\"first\"]");
        assertThat(project.inspect(project.id("--pull"), "{{json .Config.Cmd}}"))
                .isEqualTo("[\"echo\",\"second\"]");
        assertThat(Project.of(daemon, "FROM team/nosuch\n").build().exits(1).stderr())
                .contains("Dockerfile:1")
                .contains("team/nosuch");
    }

    @Test
    void corruptLayerIsRefusedAndLeavesNothing() throws Exception {
        String manifest = push("team/corrupt", "latest", "corrupt");
        String text = Files.readString(registry.blob(manifest));
        String config = text.replaceAll("(?s).*config\\.v1\\+json\", \"digest\": \"(sha256:[0-9a-f]+)\".*", "$1");
        byte[] blob = Files.readAllBytes(registry.blob(config));
        blob[blob.length / 2] ^= 1;
        Files.write(registry.blob(config), blob);

        assertThat(daemon.wherry("pull", "team/corrupt")
                        .exits(1)
                        .stderr()
                        .lines()
                        .toList())
                .last()
                .asString()
                .startsWith("wherry: ");
        assertThat(daemon.wherry("images", "-q", "team/corrupt").ok().stdout()).isEmpty();
    }

    @Test
    void whatCannotBePulledIsOneClearLine() throws Exception {
        push("team/real", "latest", "real");

        assertThat(last(daemon.wherry("pull", "team/nosuch").exits(1))).contains("team/nosuch");
        assertThat(last(daemon.wherry("pull", "team/real:nosuch").exits(1))).contains("nosuch");
        assertThat(last(daemon.wherry("pull", "localhost:1/x").exits(1))).contains("localhost:1");
        assertThat(last(daemon.wherry("pull", "team/Upper").exits(1))).contains("team/Upper");
        assertThat(last(daemon.wherry("run", "team/nosuch").exits(125))).contains("team/nosuch");
    }

    @Test
    void namesAreGivenAndTakenAndTheLastTakesTheImage() throws Exception {
        push("named", "latest", "named");
        daemon.wherry("pull", "-q", "named").ok();
        String id = daemon.wherry("images", "-q", "--no-trunc", "named").ok().line();

        daemon.wherry("tag", "named", "other:2").ok();
        daemon.wherry("tag", id.substring("sha256:".length(), 20), "third").ok();
        assertThat(daemon.wherry("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}")
                        .ok()
                        .stdout())
                .contains("named:latest " + id.substring(7, 19), "other:2 " + id.substring(7, 19));

        assertThat(daemon.wherry("rmi", "other:2", "third").ok().stdout())
                .isEqualTo("Untagged: other:2\nUntagged: third:latest\n");
        daemon.wherry("run", "--name", "user", "named").ok();
        assertThat(daemon.wherry("rmi", "named").exits(1).stderr()).contains("unable to remove named: container ");
        daemon.wherry("rm", "user").ok();
        assertThat(daemon.wherry("rmi", "named").ok().stdout())
                .contains("Untagged: named:latest\n")
                .contains("Deleted: " + id);
        assertThat(daemon.wherry("image", "inspect", id).exits(1).stdout()).isEqualTo("[]\n");
    }

    private static String last(Outcome outcome) {
        return outcome.stderr().lines().toList().getLast();
    }
}
