package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The options of {@code wherry build}, and what it says of mistakes. */
class BuildOptionsIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void everyTagNamesTheImageAndTheLastLineSaysSo() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo tags\n");

        Outcome build = project.build("-t", "tags", "-t", "example.org/team/tags:2", "--iidfile", "id.txt");

        String id = Files.readString(project.path("id.txt"));
        assertThat(id).matches("sha256:[0-9a-f]{64}");
        assertThat(build.ok().stdout()).isEmpty();
        assertThat(build.stderr()).endsWith("Built " + id + " as tags:latest, example.org/team/tags:2\n");
        assertThat(daemon.wherry("images", "--format", "{{.Repository}}:{{.Tag}}")
                        .ok()
                        .stdout())
                .contains("tags:latest\n", "example.org/team/tags:2\n");
    }

    @Test
    void quietWritesTheIdAlone() throws IOException {
        Outcome build = Project.of(daemon, "FROM busybox\nRUN echo loud\n").build("-q");

        assertThat(build.ok().stdout()).matches("sha256:[0-9a-f]{64}\n");
        assertThat(build.stderr()).isEmpty();
        assertThat(Project.of(daemon, "FROM busybox\nRUN echo loud\n")
                        .build("--progress", "quiet")
                        .stdout())
                .isEqualTo(build.stdout());
    }

    @Test
    void labelsAndArgumentsAreAdded() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nLABEL a=1\nARG X\nARG Y=2\nENV Z=$X$Y\n");

        String id = project.id("--label", "b=2", "--label", "c", "--build-arg", "X=x y");

        assertThat(project.inspect(id, "{{json .Config.Labels}} {{json .Config.Env}}"))
                .isEqualTo(
                        "{\"a\":\"1\",\"b\":\"2\",\"c\":\"\"} [\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"Z=x y2\"]");
    }

    @Test
    void dockerfileMayLieAnywhere() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCMD default\n")
                .file("sub/other.Dockerfile", "FROM busybox\nCOPY sub/f /\nCMD other\n")
                .file("sub/f", "");
        Path outside = Files.writeString(daemon.home().resolve("Outside"), "FROM busybox\nCOPY sub/f /\nCMD outside\n");

        assertThat(project.inspect(project.id("-f", "sub/other.Dockerfile"), "{{index .Config.Cmd 2}}"))
                .isEqualTo("other");
        assertThat(project.inspect(project.id("-f", outside.toString()), "{{index .Config.Cmd 2}}"))
                .isEqualTo("outside");
        String piped = piped(project, "FROM busybox\nCOPY sub/f /\nCMD piped\n", "build", "-q", "-f", "-", ".")
                .line();
        assertThat(project.inspect(piped, "{{index .Config.Cmd 2}}")).isEqualTo("piped");
        String alone =
                piped(project, "FROM busybox\nCMD alone\n", "build", "-q", "-").line();
        assertThat(project.inspect(alone, "{{index .Config.Cmd 2}}")).isEqualTo("alone");
        Files.delete(outside);
    }

    @Test
    void contextMayBeAnotherDirectory() throws IOException {
        Project project =
                Project.of(daemon, "FROM busybox\nCOPY f /\n").file("f", "").file("sub/Dockerfile", "FROM nosuch\n");

        daemon.wherry(Duration.ofSeconds(60), project.path("sub"), "build", "..")
                .ok();
        daemon.wherry(
                        Duration.ofSeconds(60),
                        Path.of("/"),
                        "build",
                        project.folder().toString())
                .ok();
    }

    @Test
    void mistakesAreOneClearLine() throws IOException {
        assertThat(error(Project.of(daemon, ""), "-f", "missing")).isEqualTo("wherry: Dockerfile missing not found");
        Project empty = new Project(daemon, Files.createTempDirectory(daemon.home(), "empty-"));
        assertThat(error(empty)).isEqualTo("wherry: cannot find the Dockerfile " + empty.path("Dockerfile"));
        assertThat(error(Project.of(daemon, ""))).contains("Dockerfile: the file is empty");
        assertThat(error(Project.of(daemon, "# nothing\n"))).contains("Dockerfile: the file has no instructions");
        Project missing = Project.of(daemon, "FROM busybox\nCOPY nosuch /\n");
        assertThat(error(missing))
                .contains("Dockerfile:2", "\"nosuch\"", missing.folder().toString());
        assertThat(error(Project.of(daemon, "FROM busybox\nCOPY ../etc/passwd /\n")))
                .contains("Dockerfile:2", "../etc/passwd");
        assertThat(error(Project.of(daemon, "FROM Bad_Name:x\n"))).contains("Dockerfile:1", "Bad_Name");
        assertThat(error(Project.of(daemon, "FROM busybox\nUSER nosuch\nRUN true\n")))
                .contains("Dockerfile:3", "nosuch");
        assertThat(error(Project.of(daemon, "FROM busybox\nRUN [\"nosuch\"]\n")))
                .contains("Dockerfile:2", "nosuch");
        assertThat(error(Project.of(daemon, "FROM busybox\n"), "-t", "Bad")).contains("Bad");
        assertThat(daemon.wherry("build", "/no/such").exits(1).stderr())
                .isEqualTo("wherry: build context /no/such not found\n");
    }

    @Test
    void linkOutOfTheContextIsNotFollowed() throws IOException {
        Project project = Project.of(daemon, "FROM busybox\nCOPY link/passwd /stolen\n");
        Files.createSymbolicLink(project.path("link"), Path.of("/etc"));

        assertThat(error(project)).contains("link/passwd");
    }

    @Test
    void sameDockerfileTwiceAtOnceRunsItsStepsOnce() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN sleep 1; cat /proc/sys/kernel/random/uuid > /id\n");

        List<Process> builds = List.of(
                daemon.spawn(project.folder(), "build", "-q", "."), daemon.spawn(project.folder(), "build", "-q", "."));

        List<String> ids = builds.stream()
                .map(build -> Outcome.of(List.of("build"), build, Duration.ofSeconds(60))
                        .ok()
                        .line())
                .toList();
        assertThat(project.inspect(ids.get(0), "{{.RootFS.Layers}}"))
                .isEqualTo(project.inspect(ids.get(1), "{{.RootFS.Layers}}"));
    }

    @Test
    void standardErrorOfARunComesWithItsOutput() throws IOException {
        Outcome build = Project.of(daemon, "FROM busybox\nRUN echo out; echo err >&2; printf unended\n")
                .build()
                .ok();

        assertThat(build.stdout()).isEmpty();
        assertThat(build.stderr())
                .containsPattern("#2 [0-9.]+ out\n")
                .containsPattern("#2 [0-9.]+ err\n")
                .containsPattern("#2 [0-9.]+ unended\n");
    }

    private static String error(Project project, String... options) {
        return project.build(options).refuses(1);
    }

    private static Outcome piped(Project project, String input, String... arguments) throws IOException {
        Process client = daemon.spawn(project.folder(), arguments);
        try (OutputStream stdin = client.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return Outcome.of(List.of(arguments), client, Duration.ofSeconds(60)).ok();
    }
}
