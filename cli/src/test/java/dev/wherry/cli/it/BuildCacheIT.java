package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which steps of a build run again, and which are taken from the cache. */
class BuildCacheIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final String DOCKERFILE = """
            FROM busybox
            WORKDIR /app
            COPY first .
            RUN cat first > made
            COPY dir ./dir
            RUN echo last
            """;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    /** Each test has an image of its own below, so that no test fills the cache of another. */
    private static Project project(String unique) throws IOException {
        return Project.of(daemon, DOCKERFILE.replace("WORKDIR", "RUN : " + unique + "\nWORKDIR"))
                .file("first", "one")
                .file("dir/file", "two")
                .file("unused", "three");
    }

    private static List<String> ends(Outcome build) {
        return Project.steps(build.ok()).stream()
                .map(step -> step.split(" ")[0])
                .toList();
    }

    @Test
    void unchangedBuildIsAllCachedAndTheSameImage() throws IOException {
        Project project = project("unchanged");
        assertThat(Project.steps(project.build().ok()))
                .containsExactly(
                        "CACHED FROM busybox",
                        "DONE RUN : unchanged",
                        "DONE WORKDIR /app",
                        "DONE COPY first .",
                        "DONE RUN cat first > made",
                        "DONE COPY dir ./dir",
                        "DONE RUN echo last");
        String id = project.id();
        daemon.wherry("tag", id, "unchanged").ok();

        assertThat(ends(project.build())).containsOnly("CACHED");
        assertThat(project.id()).isEqualTo(id);
        assertThat(project.inspect("unchanged", "{{.Id}}")).isEqualTo(id);
    }

    @Test
    void changedFileReRunsItsCopyAndAllAfterAndNothingBefore() throws IOException {
        Project project = project("changed");
        String before = project.id();

        project.file("dir/file", "changed");

        assertThat(Project.steps(project.build().ok()).subList(3, 7))
                .containsExactly(
                        "CACHED COPY first .",
                        "CACHED RUN cat first > made",
                        "DONE COPY dir ./dir",
                        "DONE RUN echo last");
        assertThat(project.shell(project.id(), "cat dir/file")).isEqualTo("changed");

        project.file("dir/file", "two");

        assertThat(ends(project.build())).containsOnly("CACHED");
        assertThat(project.id()).isEqualTo(before);
    }

    @Test
    void newModificationTimeIsNoChange() throws IOException {
        Project project = project("touched");
        project.id();

        Files.setLastModifiedTime(project.path("first"), FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(project.path("dir"), FileTime.from(Instant.EPOCH));
        project.file("dir/file", "two").file("unused", "changed");

        assertThat(ends(project.build())).containsOnly("CACHED");
    }

    @Test
    void sameSizeAndTimeDoNotHideANewContent() throws IOException {
        Project project = project("hidden");
        FileTime time = Files.getLastModifiedTime(project.path("first"));
        project.id();

        project.file("first", "eno");
        Files.setLastModifiedTime(project.path("first"), time);

        assertThat(project.shell(project.id(), "cat made")).isEqualTo("eno");
    }

    @Test
    void modeNewNameAndLinkTargetAreChanges() throws IOException {
        Project project = project("modes");
        project.id();

        Files.setPosixFilePermissions(project.path("dir/file"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(ends(project.build())).endsWith("CACHED", "DONE", "DONE");
        assertThat(project.shell(project.id(), "stat -c %a dir/file")).isEqualTo("755");

        Files.move(project.path("dir/file"), project.path("dir/renamed"));
        assertThat(ends(project.build())).endsWith("CACHED", "DONE", "DONE");
        assertThat(project.shell(project.id(), "ls dir")).isEqualTo("renamed");

        Files.createDirectory(project.path("dir/empty"));
        assertThat(ends(project.build())).endsWith("CACHED", "DONE", "DONE");

        Files.createSymbolicLink(project.path("dir/link"), java.nio.file.Path.of("renamed"));
        assertThat(ends(project.build())).endsWith("CACHED", "DONE", "DONE");
        Files.delete(project.path("dir/link"));
        Files.createSymbolicLink(project.path("dir/link"), java.nio.file.Path.of("empty"));
        assertThat(ends(project.build())).endsWith("CACHED", "DONE", "DONE");
    }

    @Test
    void changedInstructionReRunsFromThere() throws IOException {
        Project project = project("edited");
        project.id();

        project.file("Dockerfile", Files.readString(project.path("Dockerfile")).replace("echo last", "echo new"));

        assertThat(Project.steps(project.build().ok())).endsWith("CACHED COPY dir ./dir", "DONE RUN echo new");
    }

    @Test
    void commentsAndLayoutOfTheDockerfileAreNoChange() throws IOException {
        Project project = project("layout");
        project.id();

        project.file(
                "Dockerfile",
                "# new\n\n" + Files.readString(project.path("Dockerfile")).replace("COPY first", "copy \\\n  first"));

        assertThat(ends(project.build())).containsOnly("CACHED");
    }

    @Test
    void noCacheRunsEverythingAndLeavesACacheAgain() throws IOException {
        Project project = project("no-cache");
        project.id();

        assertThat(ends(project.build("--no-cache"))).endsWith("DONE", "DONE", "DONE", "DONE", "DONE", "DONE");
        assertThat(ends(project.build())).containsOnly("CACHED");
    }

    @Test
    void buildArgumentIsAChangeFromWhereItIsUsed() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN echo before
                ARG V=1
                WORKDIR /w
                RUN echo $V > v
                """);
        project.id();

        assertThat(Project.steps(project.build("--build-arg", "V=2").ok()))
                .containsExactly(
                        "CACHED FROM busybox",
                        "CACHED RUN echo before",
                        "CACHED ARG V=1",
                        "CACHED WORKDIR /w",
                        "DONE RUN echo $V > v");
        assertThat(ends(project.build("--build-arg", "V=1"))).containsOnly("CACHED");
        assertThat(project.build("--build-arg", "UNKNOWN=1").ok().stderr()).contains("UNKNOWN");
    }

    @Test
    void stagesInAnotherOrderAndUnderOtherNamesAreTheSame() throws IOException {
        String one = "FROM busybox AS one\nRUN echo 1 > /one\n";
        String two = "FROM busybox AS two\nRUN echo 2 > /two\n";
        String last = "FROM busybox\nCOPY --from=one /one /\nCOPY --from=two /two /\n";
        Project project = Project.of(daemon, one + two + last);
        String id = project.id();

        project.file("Dockerfile", two + one + last);
        assertThat(ends(project.build())).containsOnly("CACHED");
        assertThat(project.id()).isEqualTo(id);

        project.file("Dockerfile", (two + one + last).replace("two", "zwei").replace("/zwei", "/two"));
        assertThat(ends(project.build())).containsOnly("CACHED");
    }

    @Test
    void sameFilesInAnotherFolderAreTheSame() throws IOException {
        String id = project("elsewhere").id();

        Project copy = project("elsewhere");

        assertThat(ends(copy.build())).containsOnly("CACHED");
        assertThat(copy.id()).isEqualTo(id);
    }

    @Test
    void failingRunTellsWhereAndLeavesNoImageButTheStepsBefore() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox

                RUN echo fine > /fine
                RUN echo words; \\
                    exit 3
                RUN echo never
                """);

        Outcome failed = project.build("-t", "failed").exits(1);

        assertThat(failed.stderr())
                .contains("words")
                .endsWith("wherry: Dockerfile:4: RUN echo words;     exit 3: exit code 3\n");
        assertThat(Project.steps(failed))
                .containsExactly(
                        "CACHED FROM busybox", "DONE RUN echo fine > /fine", "ERROR RUN echo words;     exit 3");
        assertThat(daemon.wherry("images", "-q", "failed").ok().stdout()).isEmpty();
        assertThat(Project.steps(project.build("-t", "failed").exits(1)))
                .contains("CACHED RUN echo fine > /fine", "ERROR RUN echo words;     exit 3");
        assertThat(project.build("-q", "-t", "failed").exits(1).stdout()).isEmpty();
    }

    @Test
    void interruptedBuildKillsItsRun() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo started; sleep 4321\n");
        Process build = daemon.spawn(project.folder(), "build", "--progress", "plain", ".");
        Awaitility.await().until(() -> sleeping("4321"));

        new ProcessBuilder("kill", "-INT", Long.toString(build.pid())).start().waitFor();

        assertThat(build.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(build.exitValue()).isEqualTo(130);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !sleeping("4321"));
    }

    @Test
    void pruneForgetsTheStepsButNotTheImage() throws IOException {
        Project project = project("pruned");
        project.id("-t", "pruned");

        daemon.wherry("builder", "prune", "-af").ok();

        assertThat(project.shell("pruned", "cat made")).isEqualTo("one");
        assertThat(ends(project.build())).endsWith("DONE", "DONE", "DONE", "DONE", "DONE");
    }

    @Test
    void cacheOutlivesTheDaemon() throws Exception {
        Project project = project("restart");
        String id = project.id();

        daemon.restart();

        assertThat(ends(project.build())).containsOnly("CACHED");
        assertThat(project.id()).isEqualTo(id);
    }

    private static boolean sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith(" " + seconds));
    }
}
