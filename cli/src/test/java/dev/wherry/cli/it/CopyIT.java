package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The flags and sources of {@code COPY}, and what ignore files leave of a context, by real builds. */
class CopyIT {

    private static final String LIST = "RUN find %s -exec stat -c '@ %%n %%a %%u:%%g' {} + | sort\n";

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    /** What a step that lists a folder wrote: path, mode and owner. */
    private static List<String> listed(Outcome build) {
        return build.ok()
                .stderr()
                .lines()
                .filter(line -> line.contains(" @ "))
                .map(line -> line.substring(line.indexOf(" @ ") + 3))
                .toList();
    }

    private static Project project(String dockerfile) throws IOException {
        return Project.of(daemon, dockerfile)
                .file("src/main.c", "main\n")
                .file("src/lib/util.c", "util\n")
                .file("src/lib/util.md", "read\n")
                .file("tool.sh", "tool\n");
    }

    @Test
    void modesAndOwnersAreThoseAskedFor() throws IOException {
        Project project = project("""
                FROM busybox
                ARG WHO=nobody
                ARG MODE=g-rwx
                COPY --chown=$WHO --chmod=u=rwX,go=rX src/ /a/
                COPY --chown=7:nogroup --chmod=0750 tool.sh /a/
                COPY --chown=:9 --chmod=$MODE tool.sh /a/other
                """ + LIST.formatted("/a"));
        Files.setPosixFilePermissions(project.path("src/lib"), PosixFilePermissions.fromString("rwx------"));

        assertThat(listed(project.build()))
                .containsExactly(
                        "/a 755 65534:65534",
                        "/a/lib 755 65534:65534",
                        "/a/lib/util.c 644 65534:65534",
                        "/a/lib/util.md 644 65534:65534",
                        "/a/main.c 644 65534:65534",
                        "/a/other 604 0:9",
                        "/a/tool.sh 750 7:65534");
        assertThat(project.build("--build-arg", "WHO=nosuch").refuses(1)).contains("Dockerfile:4", "\"nosuch\"");
        assertThat(project.build("--build-arg", "MODE=z").refuses(1)).contains("Dockerfile:6", "--chmod", "\"z\"");
    }

    @Test
    void whatIsExcludedIsNotCopiedNorSeen() throws IOException {
        Project project = project("""
                FROM busybox
                COPY --exclude=**/*.md --exclude=main.c src /a
                """ + LIST.formatted("/a"));

        assertThat(listed(project.build())).containsExactly("/a 755 0:0", "/a/lib 755 0:0", "/a/lib/util.c 644 0:0");
        project.file("src/main.c", "changed\n");
        assertThat(Project.steps(project.build().ok()))
                .contains("CACHED COPY --exclude=**/*.md --exclude=main.c src /a");
    }

    @Test
    void parentsAreMadeFromThePivot() throws IOException {
        Project project = project("""
                FROM busybox
                COPY --parents src/lib/util.c ./tool.sh /a/
                COPY --parents src/./**/*.md /b/
                """ + LIST.formatted("/a /b"));

        assertThat(listed(project.build()))
                .containsExactly(
                        "/a 755 0:0",
                        "/a/src 755 0:0",
                        "/a/src/lib 755 0:0",
                        "/a/src/lib/util.c 644 0:0",
                        "/a/tool.sh 644 0:0",
                        "/b 755 0:0",
                        "/b/lib 755 0:0",
                        "/b/lib/util.md 644 0:0");
    }

    @Test
    void ownersOfAStageAreKeptAndThoseOfTheContextAreNot() throws IOException {
        Project project = project("""
                FROM busybox AS made
                COPY --chown=5:6 src/main.c /f
                RUN ln /f /hard && mkdir /d && mv /f /hard /d
                FROM busybox
                COPY --from=made /d /a
                COPY --from=made --chown=1 /d/f /a/one
                RUN [ $(stat -c %h /a/f) = 2 ]
                """ + LIST.formatted("/a"));

        assertThat(listed(project.build()))
                .containsExactly("/a 755 0:0", "/a/f 644 5:6", "/a/hard 644 5:6", "/a/one 644 1:1");
    }

    @Test
    void hereDocumentsAreFiles() throws IOException {
        Project project = Project.of(daemon, """
                FROM busybox
                ARG WHO=world
                COPY --chown=5:6 --chmod=751 <<EOF /a/greeting
                hello "$WHO"
                EOF
                COPY tool.sh <<one <<-'two' /a/
                1
                one
                \t$WHO
                \ttwo
                RUN cat /a/greeting /a/one /a/two /a/tool.sh
                """ + LIST.formatted("/a")).file("tool.sh", "tool\n");

        Outcome build = project.build();
        assertThat(listed(build))
                .containsExactly(
                        "/a 751 5:6", "/a/greeting 751 5:6", "/a/one 644 0:0", "/a/tool.sh 644 0:0", "/a/two 644 0:0");
        assertThat(build.stderr()).containsPattern("hello \"world\"\n.* 1\n.* \\$WHO\n.* tool\n");
        assertThat(Project.steps(project.build("--build-arg", "WHO=you").ok()).get(2))
                .startsWith("DONE COPY");
    }

    @Test
    void aLinkedCopyIsALayerOfItsOwn() throws IOException {
        Project project = project("""
                FROM busybox
                ARG WHAT=1
                RUN mkdir /real && ln -s /real /a && echo $WHAT > /real/what
                COPY --link --chown=nobody src/main.c /a/main.c
                """ + LIST.formatted("/a /real"));

        assertThat(listed(project.build()))
                .containsExactly(
                        "/a 755 65534:65534", "/a/main.c 644 65534:65534", "/real 755 0:0", "/real/what 644 0:0");
        Outcome again = project.build("--build-arg", "WHAT=2").ok();
        assertThat(Project.steps(again))
                .contains("CACHED COPY --link --chown=nobody src/main.c /a/main.c")
                .anyMatch(step -> step.startsWith("DONE RUN mkdir"));
        assertThat(listed(again)).contains("/a/main.c 644 65534:65534");
        project.file("src/main.c", "changed\n");
        assertThat(Project.steps(project.build().ok()))
                .contains("DONE COPY --link --chown=nobody src/main.c /a/main.c");
    }

    @Test
    void severalFilesGoToTheWorkingDirectory() throws IOException {
        Project project = project("""
                FROM busybox
                WORKDIR /app
                COPY tool.sh src/main.c .
                COPY src/lib/*.c src/lib/*.md ./.
                ENV empty=""
                COPY --link --chmod=755 tool.sh $empty
                """ + LIST.formatted("/app"));

        assertThat(listed(project.build()))
                .containsExactly(
                        "/app 755 0:0",
                        "/app/main.c 644 0:0",
                        "/app/tool.sh 755 0:0",
                        "/app/util.c 644 0:0",
                        "/app/util.md 644 0:0");
    }

    @Test
    void aFileHasOneNameAfterEveryRebuild() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY many /many\n");
        for (int i = 0; i < 150; i++) {
            project.file("many/" + i, "content of " + i);
        }
        project.id();
        for (int change = 0; change < 3; change++) {
            project.file("many/7", "changed " + change);
            String id = project.id();
            assertThat(project.shell(
                            id, "find /many -type f -links 1 | wc -l; find /many -type f -links +1; cat /many/7"))
                    .isEqualTo("150\nchanged " + change);
        }
        // Views of images that ran are removed in the background, also while the folders are listed.
        Awaitility.await()
                .ignoreException(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(files(daemon.root().resolve("snapshots"), "many"))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(Files.getAttribute(file, "unix:nlink"))
                                .isEqualTo(1)));
    }

    private static List<Path> files(Path root, String folder) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getParent().endsWith(folder))
                    .toList();
        }
    }

    @Test
    void aPatternMayMatchNothingButANameMustNot() throws IOException {
        project("FROM busybox\nCOPY no* tool.s[h] /a/\nRUN cat /a/tool.sh\n")
                .build()
                .ok();
        assertThat(project("FROM busybox\nCOPY no tool.sh /a/\n").build().refuses(1))
                .contains("Dockerfile:2", "\"no\" is not in the build context");
    }

    @Test
    void ignoreFilesFollowTheOrderOfTheirPatterns() throws IOException {
        Project project = project("FROM busybox\nCOPY . /a/\n" + LIST.formatted("/a"))
                .file("src/lib/deep/x.c", "")
                .file("logs/a.log", "")
                .file("#name", "")
                .file(".dockerignore", """
                        # comment
                        Dockerfile
                        .dockerignore
                          **/*.md
                        src/*
                        !src/lib
                        src/lib/deep/
                        /logs/
                        !logs/none
                        """);

        assertThat(listed(project.build()))
                .containsExactly(
                        "/a 755 0:0",
                        "/a/#name 644 0:0",
                        "/a/src 755 0:0",
                        "/a/src/lib 755 0:0",
                        "/a/src/lib/util.c 644 0:0",
                        "/a/src/lib/util.md 644 0:0",
                        "/a/tool.sh 644 0:0");
    }

    @Test
    void anIgnoreFileOfTheDockerfileGoesFirst() throws IOException {
        String dockerfile = "FROM busybox\nCOPY . /a/\n" + LIST.formatted("/a");
        Project project = project(dockerfile)
                .file("build/prod", dockerfile)
                .file("build/prod.dockerignore", "*\n!tool.sh\n")
                .file(".dockerignore", "tool.sh\nbuild\n");

        assertThat(listed(project.build("-f", "build/prod"))).containsExactly("/a 755 0:0", "/a/tool.sh 644 0:0");
        assertThat(listed(project.build())).contains("/a/src/main.c 644 0:0").doesNotContain("/a/tool.sh 644 0:0");
    }

    @Test
    void linksOfTheImageAreFollowedInsideItOnly() throws IOException {
        Path outside = Files.createDirectory(daemon.home().resolve("outside"));
        Project project = project("""
                FROM busybox
                RUN mkdir /real && ln -s /real /inside && ln -s %s /outside && ln -s ../../../../.. /up
                COPY src/main.c /inside/
                COPY tool.sh /outside/
                COPY src/lib /up/lib
                RUN cat /real/main.c %s/tool.sh /lib/util.c
                """.formatted(outside, outside));

        project.build().ok();
        assertThat(outside).isEmptyDirectory();
    }
}
