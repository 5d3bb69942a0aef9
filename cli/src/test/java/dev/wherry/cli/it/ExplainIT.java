package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said of steps that were not taken from the cache. */
class ExplainIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final Pattern WHY = Pattern.compile("#(\\d+) why: (.*)");

    private static final String DOCKERFILE = """
            FROM busybox
            WORKDIR /app
            COPY src ./src
            ARG VERSION=1.2
            RUN cat src/server.js > made
            RUN echo last
            """;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    /** Each test has an image of its own below, so that no test fills the cache of another. */
    private static Project project(String unique) throws IOException {
        Project project = Project.of(daemon, DOCKERFILE.replace("WORKDIR", "RUN : " + unique + "\nWORKDIR"));
        for (int i = 1; i <= 20; i++) {
            project.file("src/lib/%02d.js".formatted(i), "module " + i);
        }
        return project.file("src/server.js", "x".repeat(2100));
    }

    /** What the build said of its misses: {@code "5 ARG …"}. */
    private static List<String> why(Outcome build) {
        return build.ok()
                .stderr()
                .lines()
                .map(WHY::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + line.group(2))
                .toList();
    }

    @Test
    void firstBuildHasNothingToCompareWith() throws IOException {
        Project project = project("first");

        assertThat(why(project.build())).isEmpty();
        assertThat(why(project(": other").build("--explain")))
                .containsExactly(
                        "2 no earlier build",
                        "3 parent: step 2 missed",
                        "4 parent: step 3 missed, since step 2 did (RUN : : other)",
                        "6 parent: step 4 missed, since step 2 did (RUN : : other)",
                        "7 parent: step 6 missed, since step 2 did (RUN : : other)");
        assertThat(why(project.build("--explain"))).isEmpty();
    }

    @Test
    void changedFileIsNamedWithItsSizes() throws IOException {
        Project project = project("content");
        project.id();

        project.file("src/server.js", "x".repeat(2300));

        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 1 of 21 files changed: src/server.js (content; 2.1 KB → 2.3 KB)");
        project.file("src/server.js", "y".repeat(2300));
        assertThat(why(project.build("--explain")))
                .containsExactly(
                        "4 COPY src ./src: 1 of 21 files changed: src/server.js (content)",
                        "6 parent: step 4 missed",
                        "7 parent: step 6 missed, since step 4 did (COPY src ./src)");
    }

    @Test
    void addedRemovedRenamedAndManyChangedFilesAreTold() throws IOException {
        Project project = project("files");
        project.id();

        project.file("src/new/a.js", "new");
        Files.delete(project.path("src/lib/07.js"));
        assertThat(why(project.build()))
                .containsExactly(
                        "4 COPY src ./src: 2 of 22 files changed: src/new/a.js (added)," + " src/lib/07.js (removed)");

        Files.move(project.path("src/lib/01.js"), project.path("src/lib/one.js"));
        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 1 of 21 files changed: src/lib/one.js (was src/lib/01.js)");

        for (int i = 10; i < 20; i++) {
            project.file("src/lib/" + i + ".js", "changed module");
        }
        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 10 of 21 files changed: src/lib/10.js (content; 9 B → 14 B),"
                        + " src/lib/11.js (content; 9 B → 14 B), src/lib/12.js (content; 9 B → 14 B) and 7 more");
    }

    @Test
    void modeLinkAndTypeAreChangesAndTimeIsNone() throws IOException {
        Project project = project("modes");
        Files.createSymbolicLink(project.path("src/link"), project.path("src").relativize(project.path("src/lib")));
        project.id();

        Files.setPosixFilePermissions(project.path("src/server.js"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 1 of 22 files changed: src/server.js (mode; 644 → 755)");

        Files.delete(project.path("src/link"));
        Files.createSymbolicLink(project.path("src/link"), java.nio.file.Path.of("server.js"));
        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 1 of 22 files changed: src/link (link; lib → server.js)");

        Files.delete(project.path("src/link"));
        project.file("src/link", "");
        assertThat(why(project.build()))
                .containsExactly("4 COPY src ./src: 1 of 22 files changed: src/link (symbolic link → file)");

        Files.setLastModifiedTime(project.path("src/link"), FileTime.from(Instant.EPOCH));
        Outcome touched = project.build("--explain");
        assertThat(why(touched)).isEmpty();
        assertThat(daemon.wherry("builder", "why").ok().stdout()).endsWith("every step was taken from the cache.\n");
    }

    @Test
    void changedInstructionIsShownBesideWhatItWas() throws IOException {
        Project project = project("edited");
        project.id();
        String before = Files.readString(project.path("Dockerfile"));

        project.file("Dockerfile", before.replace("echo last", "echo new"));
        assertThat(why(project.build())).containsExactly("7 RUN: command changed: \"echo last\" → \"echo new\"");

        project.file("Dockerfile", before.replace("COPY src ./src", "COPY --chmod=600 src ./src"));
        assertThat(why(project.build())).containsExactly("4 COPY: mode changed: as in the source → 600");

        project.file("Dockerfile", before.replace("WORKDIR /app", "ENV STAGE=dev\nWORKDIR /app"));
        assertThat(why(project.build())).containsExactly("7 ENV STAGE: added (dev)");

        project.file("Dockerfile", before.replace("RUN echo", "USER nobody\nRUN echo"));
        assertThat(why(project.build("--explain"))).contains("8 user changed: root → nobody");

        project.file("Dockerfile", before.replace("WORKDIR", "RUN echo inserted\nWORKDIR"));
        assertThat(why(project.build())).containsExactly("3 RUN echo inserted: the instruction is new");
    }

    @Test
    void buildArgumentIsNamedAndASecretOneKeepsItsValue() throws IOException {
        Project project = project("args");
        project.file(
                "Dockerfile", Files.readString(project.path("Dockerfile")).replace("ARG V", "ARG API_TOKEN\nARG V"));
        project.id("--build-arg", "API_TOKEN=hunter2");

        assertThat(why(project.build("--build-arg", "VERSION=1.3", "--build-arg", "API_TOKEN=hunter2")))
                .containsExactly("7 ARG VERSION: 1.2 → 1.3");
        Outcome build = project.build("--explain", "--build-arg", "API_TOKEN=hunter3");
        assertThat(why(build)).first().isEqualTo("7 ARG API_TOKEN: changed (the value is not shown)");
        String all = daemon.wherry("builder", "history", "inspect", "--format", "json")
                        .ok()
                        .stdout()
                + daemon.wherry("builder", "why", "--all", "--format", "json")
                        .ok()
                        .stdout();
        assertThat(all).contains("API_TOKEN").doesNotContain("hunter");
        for (String file : List.of("wherry.db", "wherry.db-wal")) {
            byte[] bytes = Files.readAllBytes(daemon.root().resolve(file));
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("hunter");
        }
    }

    @Test
    void newBaseImageIsNamedWithBothDigests() throws IOException {
        Project base = Project.of(daemon, "FROM busybox\nRUN echo 1 > /base\n");
        base.id("-t", "lower");
        Project project = Project.of(daemon, "FROM lower\nRUN echo on it\n");
        project.id();

        base.file("Dockerfile", "FROM busybox\nRUN echo 2 > /base\n").id("-t", "lower");
        assertThat(why(project.build()))
                .singleElement()
                .asString()
                .matches("2 base image lower: sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…");

        project.file("Dockerfile", "FROM busybox\nRUN echo on it\n");
        assertThat(why(project.build())).containsExactly("2 base image: lower → busybox");
    }

    @Test
    void stageThatIsCopiedFromIsTheCause() throws IOException {
        Project project = Project.of(daemon, """
                        FROM busybox AS build
                        COPY in /in
                        RUN cp /in /out
                        FROM busybox
                        COPY --from=build /out /out
                        """).file("in", "1");
        project.id();

        project.file("in", "22");
        assertThat(why(project.build("--explain")))
                .contains("2 COPY in /in: 1 of 1 file changed: in (content; 1 B → 2 B)")
                .contains("5 COPY --from=build /out /out: 1 of 1 file changed: out (content; 1 B → 2 B)")
                .contains("5 copied from: step 3 missed, since step 2 did (COPY in /in)");
    }

    @Test
    void prunedFailedAndRefusedAreTold() throws IOException {
        Project project = project("pruned");
        project.id();
        daemon.wherry("builder", "prune", "-af").ok();
        assertThat(why(project.build())).singleElement().asString().matches("2 record pruned \\d+ s ago");

        assertThat(why(project.build("--no-cache"))).isEmpty();
        assertThat(why(project.build("--no-cache", "--explain")))
                .contains("2 the build was asked to use no cache", "7 the build was asked to use no cache");

        project.file(
                "Dockerfile", Files.readString(project.path("Dockerfile")).replace("echo last", "sleep 0 && exit 3"));
        assertThat(project.build().exits(1).stderr())
                .contains("#7 why: RUN: command changed: \"echo last\" → \"sleep 0 && exit 3\"");
        assertThat(project.build().exits(1).stderr())
                .contains("#7 why: the last build did not finish this step: Dockerfile:7: ");
    }

    @Test
    void historyHasEachBuildWithItsStepsAndWhatTheyWrote() throws IOException {
        Project project = project("history");
        project.id("-t", "told");
        project.file("src/server.js", "new");
        project.build().ok();

        List<String> rows = daemon.wherry(
                        "builder",
                        "history",
                        "ls",
                        "--format",
                        "{{.Ref}} {{.Name}} {{.Status}} {{.Hits}} {{.Misses}} {{.Image}}")
                .ok()
                .stdout()
                .lines()
                .toList();
        assertThat(rows.get(0)).matches("[0-9a-f]{12} project-\\d+ Completed 3 4 [0-9a-f]{12}");
        assertThat(rows.get(1)).matches("[0-9a-f]{12} project-\\d+ Completed 1 6 told:latest");
        String ref = rows.get(0).substring(0, 12);
        assertThat(daemon.wherry("builder", "history", "ls", "-q").ok().stdout())
                .startsWith(ref);
        assertThat(daemon.wherry("builder", "history", "inspect", ref.substring(0, 8))
                        .ok()
                        .stdout())
                .contains("Status:     Completed")
                .contains("Steps:      7, 3 cached (42%)")
                .containsPattern("#4 +DONE +\\d+ms +\\[4/7] COPY src ./src");
        assertThat(daemon.wherry("builder", "history", "logs", ref).ok().stdout())
                .isEqualTo("#7 [7/7] RUN echo last\nlast\n");
        assertThat(daemon.wherry("builder", "why", ref, "6").ok().stdout())
                .isEqualTo("#6 [6/7] RUN cat src/server.js > made\n   parent: step 4 missed\n");
        assertThat(daemon.wherry("builder", "why", "^1").ok().stdout()).contains("no earlier build");
        assertThat(daemon.wherry("builder", "history", "rm", ref).ok().line()).isEqualTo(ref);
        assertThat(daemon.wherry("builder", "history", "ls", "-q").ok().stdout())
                .doesNotContain(ref);
        assertThat(daemon.root().resolve("history/logs").resolve(ref)).doesNotExist();
        assertThat(daemon.wherry("builder", "why", ref).exits(1).stderr())
                .isEqualTo("wherry: no build \"" + ref + "\" in the history: see 'wherry builder history ls'\n");
    }

    @Test
    void stepThatOpensNoneOfTheChangedFilesIsToldToGoFirst() throws IOException {
        Project project = Project.of(daemon, """
                        FROM busybox
                        WORKDIR /app
                        COPY . .
                        ARG NUMBER=1
                        RUN sleep 0.4; cat package.json lock/package-lock.json > installed
                        RUN cat src/main.js > built
                        """)
                .file("package.json", "{}")
                .file("lock/package-lock.json", "{}")
                .file("src/main.js", "1")
                .file("NOTES.md", "1");
        project.id();

        project.file("src/main.js", "2").file("NOTES.md", "2");
        Outcome build = project.build().ok();
        assertThat(build.stderr())
                .contains("#3 hint: \"RUN sleep 0.4; cat package.json lock/pa…\" (0.")
                .contains(
                        " s) opened only lock/package-lock.json, package.json of what \"COPY . .\" brings: copy that before"
                                + " it and the rest after it, and it stays cached\n")
                .doesNotContain("NOTES.md changed in");

        project.file("NOTES.md", "3").build().ok();
        assertThat(project.file("NOTES.md", "4").build().ok().stderr())
                .contains(
                        "#3 hint: NOTES.md changed in 3 of the last builds and no RUN opens it: unless the image needs it,"
                                + " name it in .dockerignore\n");
        assertThat(daemon.wherry("builder", "why").ok().stdout()).contains("   hint: NOTES.md changed in 3 of");

        assertThat(project.build("--build-arg", "NUMBER=2").ok().stderr())
                .contains(
                        "#5 why: ARG NUMBER: 1 → 2\n#5 hint: the command does not mention NUMBER: put ARG NUMBER after it,"
                                + " and it stays cached\n");
    }

    @Test
    void contentOfAMountIsACause() throws IOException {
        Project project = Project.of(daemon, """
                        FROM busybox
                        RUN --mount=type=bind,source=in,target=/in cat /in/f > /out
                        """).file("in/f", "1");
        project.id();

        assertThat(why(project.file("in/f", "2").build())).containsExactly("2 RUN: the content of in changed");
        project.file("Dockerfile", Files.readString(project.path("Dockerfile")).replace("bind,", "bind,rw,"));
        assertThat(why(project.build()))
                .containsExactly("2 RUN: mount /in changed: bind of in, read-only → bind of in, writable");
    }
}
