package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code RUN --mount} of files, caches and memory. */
class RunMountIT {

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
    void filesOfTheContextAreSeenAndCannotBeWritten() throws Exception {
        Project project = project(
                        "WORKDIR /w",
                        "RUN --mount=target=/src --mount=source=dir/a,target=one cat /src/dir/a one > /out;"
                                + " touch /src/new /src/dir/a one 2>> /out; ls -A / > /root-names")
                .file("dir/a", "A\n");

        String id = project.id();

        assertThat(project.shell(id, "cat /out"))
                .startsWith("A\nA\n")
                .contains("/src/new: Read-only file system")
                .contains("one: Read-only file system");
        assertThat(project.shell(id, "cat /root-names")).contains("src");
        assertThat(project.shell(id, "ls -d /src /w/one 2>&1; true")).doesNotContain("\n/src\n");
        assertThat(project.shell(id, "ls -A / /w")).doesNotContain("src").doesNotContain("one");
        assertThat(project.path("new")).doesNotExist();
    }

    @Test
    void writtenFilesAreThrownAway() throws Exception {
        Project project = Project.of(
                        daemon,
                        "FROM busybox AS other\nRUN mkdir /d && echo stage > /d/f\nFROM busybox\n"
                                + "RUN --mount=target=/c,rw --mount=source=f,target=/one,rw"
                                + " --mount=from=other,source=/d,target=/d,rw"
                                + " echo changed | tee /c/f /one /c/new /d/f /d/new && cat /c/f /one /d/f > /out"
                                + " && rm -r /c/sub\n"
                                + "RUN --mount=target=/c --mount=from=other,source=d,target=/d"
                                + " cat /c/f /c/sub/x /d/f > /out2; ls /c/new /d/new 2>&1 | tee -a /out2\n")
                .file("f", "context\n")
                .file("sub/x", "x\n");

        String id = project.id();

        assertThat(project.shell(id, "cat /out")).isEqualTo("changed\nchanged\nchanged");
        assertThat(project.shell(id, "cat /out2")).startsWith("context\nx\nstage\nls: ");
        assertThat(project.path("f")).hasContent("context\n");
        assertThat(project.path("new")).doesNotExist();
        assertThat(project.path("sub/x")).exists();
    }

    @Test
    void aStageWithoutFilesIsAnEmptyFolder() throws Exception {
        Project project = Project.of(daemon, """
                FROM scratch AS nothing
                FROM busybox AS user
                RUN --mount=from=nothing,target=/e ls -A /e > /seen; touch /e/a 2>> /seen; true
                RUN --mount=from=nothing,target=/e,rw --mount=target=/e/within mkdir /e/x && ls -A /e > /written
                RUN --mount=type=cache,id=empty,from=nothing,target=/k ls -A /k > /cached
                COPY --from=nothing / /copied/
                FROM scratch
                RUN --mount=from=busybox,source=/bin,target=/bin ["/bin/sh", "-c", "echo made > /made"]
                COPY --from=user / /
                """);

        String id = project.id();

        assertThat(project.shell(id, "cat /seen")).isEqualTo("touch: /e/a: Read-only file system");
        assertThat(project.shell(id, "cat /written")).isEqualTo("within\nx");
        assertThat(project.shell(id, "cat /cached; ls -A /copied; ls -d /copied"))
                .as("the folder copied to is made")
                .isEqualTo("/copied");
        assertThat(project.shell(id, "cat /made")).isEqualTo("made");
        assertThat(Project.of(daemon, "FROM scratch AS nothing\nFROM busybox\nCOPY --from=nothing /x /\n")
                        .build()
                        .refuses(1))
                .contains("\"/x\"");
    }

    @Test
    void ignoredFilesAreNotSeen() throws Exception {
        Project project = project(
                        "RUN --mount=target=/c cd /c && find . | sort > /out && cat kept/seen dir/seen > /text")
                .file(".dockerignore", "*\n!kept\n!dir/seen\nkept/not\n")
                .file("kept/seen", "1")
                .file("kept/not", "")
                .file("dir/seen", "2")
                .file("dir/not", "")
                .file("other/not", "");
        Files.createSymbolicLink(project.path("link"), Path.of("/etc"));

        String id = project.id();

        assertThat(project.shell(id, "cat /out")).isEqualTo(".\n./dir\n./dir/seen\n./kept\n./kept/seen");
        assertThat(project.shell(id, "cat /text")).isEqualTo("12");
        assertThat(project.path("other/not")).exists();
    }

    @Test
    void aMissingSourceIsToldWithItsLine() throws Exception {
        Project project = project("RUN --mount=source=nope,target=/x true");

        assertThat(project.build().refuses(1)).contains("Dockerfile:2").contains("nope");
    }

    @Test
    void aChangeOfWhatIsMountedRunsTheStepAgainAndAnotherDoesNot() throws Exception {
        Project project = Project.of(
                        daemon,
                        "FROM busybox AS other\nCOPY a b /d/\nFROM busybox\n"
                                + "RUN --mount=source=a,target=/a cat /a\n"
                                + "RUN --mount=from=other,source=/d/b,target=/b cat /b\n")
                .file("a", "1")
                .file("b", "1");
        project.build().ok();
        assertThat(Project.steps(project.build().ok())).allMatch(step -> step.startsWith("CACHED"));

        project.file("b", "2");
        assertThat(Project.steps(project.build().ok()))
                .filteredOn(step -> step.contains("RUN"))
                .extracting(step -> step.split(" ")[0])
                .containsExactly("CACHED", "DONE");

        project.file("a", "2");
        assertThat(Project.steps(project.build().ok()))
                .filteredOn(step -> step.contains("RUN"))
                .extracting(step -> step.split(" ")[0])
                .containsExactly("DONE", "DONE");
    }

    @Test
    void aCacheStaysFromBuildToBuildAndOverARestartButNotInTheImage() throws Exception {
        Project project = project(
                "ARG N", "RUN --mount=type=cache,id=counter,target=/cache echo $N >> /cache/n && cat /cache/n > /out");
        project.id("--build-arg", "N=1");
        daemon.restart();
        String id = project.id("--build-arg", "N=2");

        assertThat(project.shell(id, "cat /out")).isEqualTo("1\n2");
        assertThat(project.shell(id, "ls -d /cache 2>&1; true")).contains("No such file");
    }

    @Test
    void aNewCacheHasTheOwnerModeAndFilesAskedFor() throws Exception {
        Project project = Project.of(
                daemon,
                "FROM busybox AS seed\nRUN mkdir -p /s/d && echo seed > /s/d/f && chown 5:6 /s/d/f\nFROM busybox\n"
                        + "RUN --mount=type=cache,id=owned,target=/c,mode=0710,uid=3,gid=4,from=seed,source=/s"
                        + " stat -c '%a %u:%g' /c /c/d/f > /out; cat /c/d/f >> /out\n"
                        + "RUN --mount=type=cache,id=plain,target=/c stat -c '%a %u:%g' /c >> /out\n"
                        + "RUN --mount=type=cache,id=plain,target=/c,ro touch /c/x 2>> /out; true\n");

        assertThat(project.shell(project.id(), "cat /out"))
                .startsWith("710 3:4\n644 5:6\nseed\n755 0:0\n")
                .endsWith("Read-only file system");
    }

    @Test
    void aLockedCacheIsForOneStepAtATimeAndAPrivateOneForEach() throws Exception {
        String locked = "RUN --mount=type=cache,id=l,target=/c,sharing=locked"
                + " test ! -e /c/busy && touch /c/busy && sleep 0.3 && rm /c/busy && touch /done\n";
        String own = "RUN --mount=type=cache,id=p,target=/c,sharing=private"
                + " test ! -e /c/busy && touch /c/busy && sleep 0.3 && rm /c/busy && touch /done\n";
        Project project = Project.of(
                daemon,
                "FROM busybox AS a\n" + locked + own + "FROM busybox AS b\nRUN true\n" + locked + own
                        + "FROM busybox\nCOPY --from=a /done /a\nCOPY --from=b /done /b\n");

        project.build().ok();
    }

    @Test
    void memoryIsWritableLimitedAndGone() throws Exception {
        Project project = project("RUN --mount=type=tmpfs,target=/mem,size=1m df -k /mem > /out && touch /mem/x"
                + " && ! dd if=/dev/zero of=/mem/big bs=1k count=2000 2>/dev/null");

        String id = project.id();

        assertThat(project.shell(id, "cat /out")).contains(" 1024 ");
        assertThat(project.shell(id, "ls -d /mem 2>&1; true")).contains("No such file");
    }

    @Test
    void mountsMayLieWithinMounts() throws Exception {
        Project project = project("RUN --mount=target=/app --mount=type=cache,target=/app/node_modules"
                        + " --mount=type=tmpfs,target=/app/deep/er touch /app/node_modules/x /app/deep/er/y"
                        + " && ls /app > /out; ! touch /app/no")
                .file("package.json", "{}");

        String id = project.id();

        assertThat(project.shell(id, "cat /out")).isEqualTo("Dockerfile\ndeep\nnode_modules\npackage.json");
        assertThat(project.shell(id, "ls -d /app 2>&1; true")).contains("No such file");
        assertThat(project.path("node_modules")).doesNotExist();
    }

    @Test
    void nothingIsLeftOnTheHost() throws Exception {
        project("RUN --mount=target=/c,rw --mount=type=cache,target=/k --mount=from=busybox,target=/b,rw false")
                .build()
                .exits(1);

        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            for (String folder : List.of("root/scratch", "run/steps")) {
                try (Stream<Path> left = Files.list(daemon.home().resolve(folder))) {
                    assertThat(left).as(folder).isEmpty();
                }
            }
        });
    }
}
