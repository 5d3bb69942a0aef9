package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caches that builds of one daemon write and builds of another one read, which has done nothing itself. */
class SharedCacheIT {

    @RegisterExtension
    static final Daemon first = new Daemon();

    @RegisterExtension
    static final Daemon second = new Daemon();

    @RegisterExtension
    static final Registry registry = new Registry();

    private static final String STAGES = """
            FROM busybox AS build
            RUN : %1$s
            COPY src /src
            RUN cat /src/a > /made && echo scrap > /scrap
            FROM busybox
            RUN : last %1$s
            WORKDIR /app
            COPY --from=build /made .
            RUN cat made > last
            """;

    @BeforeAll
    static void base() throws Exception {
        // The very same image for both: one of an import says when that was.
        registry.push("busybox", "latest", Busybox.tar(first.home()), "{\"Cmd\": [\"sh\"]}");
        for (Daemon daemon : List.of(first, second)) {
            String reference = registry.host() + "/busybox";
            daemon.wherry("pull", "-q", reference).ok();
            daemon.wherry("tag", reference, "busybox").ok();
        }
    }

    /** Each test has steps of its own, so that no test fills the cache of another. */
    private static Project project(String unique) throws IOException {
        return Project.of(first, STAGES.formatted(unique)).file("src/a", "one").file("src/b", "two");
    }

    private static Project onSecond(Project project) {
        return new Project(second, project.folder());
    }

    private static Path cache() throws IOException {
        return Files.createTempDirectory(first.home(), "cache-");
    }

    private static String to(Path cache, String more) {
        return "--cache-to=type=local,dest=" + cache + more;
    }

    private static String from(Path cache) {
        return "--cache-from=type=local,src=" + cache;
    }

    private static List<String> ends(Outcome build) {
        return Project.steps(build.ok()).stream()
                .map(step -> step.split(" ")[0])
                .toList();
    }

    @Test
    void freshDaemonRunsNoStepAndMakesTheSameImage() throws IOException {
        for (String mode : List.of("", ",mode=max", ",mode=max,image-manifest=false", ",compression=zstd")) {
            Project project = project("same" + mode);
            Path cache = cache();
            String id = project.id(to(cache, mode));

            assertThat(ends(onSecond(project).build(from(cache)))).as(mode).containsOnly("CACHED");
            assertThat(onSecond(project).id(from(cache))).isEqualTo(id);
            assertThat(onSecond(project).shell(id, "cat /app/last")).isEqualTo("one");
            // Nothing was missing: its own cache has all that it brought.
            assertThat(onSecond(project).build(from(cache)).ok().stderr()).doesNotContain("loading layers");
        }
    }

    @Test
    void changedSourceRunsItsStepsAndNoneBefore() throws IOException {
        Project project = project("changed");
        Path cache = cache();
        project.id(to(cache, ",mode=max"));

        project.file("src/a", "new");

        assertThat(Project.steps(onSecond(project).build(from(cache)).ok()))
                .containsExactly(
                        "CACHED FROM busybox AS build",
                        "CACHED RUN : changed",
                        "DONE COPY src /src",
                        "DONE RUN cat /src/a > /made && echo scrap > /scrap",
                        "CACHED FROM busybox",
                        "CACHED RUN : last changed",
                        "CACHED WORKDIR /app",
                        "DONE COPY --from=build /made .",
                        "DONE RUN cat made > last");
        assertThat(onSecond(project).shell(onSecond(project).id(), "cat last")).isEqualTo("new");
    }

    @Test
    void sameContentOfAnotherStageIsAHitAgain() throws IOException {
        Project project = project("content");
        Path cache = cache();
        project.id(to(cache, ""));

        // The stage runs, and what is copied of it is as it was.
        project.file("src/b", "new");

        assertThat(Project.steps(onSecond(project).build(from(cache)).ok()))
                .containsSubsequence(
                        "DONE COPY src /src",
                        "DONE RUN cat /src/a > /made && echo scrap > /scrap",
                        "CACHED COPY --from=build /made .",
                        "CACHED RUN cat made > last");
    }

    @Test
    void stageWhoseFilesAreNotInTheCacheRunsWhenTheyAreNeeded() throws IOException {
        Project project = project("needed");
        Path cache = cache();
        project.id(to(cache, ""));

        String dockerfile = Files.readString(project.path("Dockerfile"));
        project.file(
                "Dockerfile", dockerfile.replace("/made .", "/made ./renamed").replace("cat made", "cat renamed"));

        assertThat(Project.steps(onSecond(project).build(from(cache)).ok()))
                .contains(
                        "DONE COPY src /src",
                        "DONE RUN cat /src/a > /made && echo scrap > /scrap",
                        "CACHED WORKDIR /app",
                        "DONE COPY --from=build /made ./renamed");
        assertThat(onSecond(project).shell(onSecond(project).id(), "cat last")).isEqualTo("one");
    }

    @Test
    void layersThatNothingNeedsAreNotFetched() throws IOException {
        Project project = project("lazy");
        Path cache = cache();
        project.id(to(cache, ",mode=max"));

        Outcome build =
                onSecond(project).build(from(cache), "--output=type=cacheonly").ok();

        assertThat(ends(build)).containsOnly("CACHED");
        assertThat(build.stderr()).doesNotContain("loading layers");
    }

    @Test
    void damagedLayerIsReportedAndItsStepRunsInstead() throws IOException {
        Project project = project("damaged");
        Path cache = cache();
        project.id(to(cache, ",mode=max"));
        try (Stream<Path> blobs = Files.list(cache.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                byte[] bytes = Files.readAllBytes(blob);
                if (bytes[0] == 0x1f) {
                    bytes[bytes.length / 2] ^= 1;
                    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
                    Files.write(blob, bytes);
                }
            }
        }

        Outcome build = onSecond(project).build(from(cache)).ok();

        assertThat(build.stderr()).contains("cannot give a layer");
        assertThat(onSecond(project).shell(onSecond(project).id(), "cat last")).isEqualTo("one");
    }

    @Test
    void cacheThatIsNotThereOrIsNoneIsReportedAndLeftOut() throws IOException {
        Project project = project("missing");
        Path odd = cache();
        Files.writeString(odd.resolve("index.json"), "{\"manifests\": [7]}");

        Outcome build = project.build(from(cache()), from(odd)).ok();

        assertThat(build.stderr())
                .contains("there is no cache in")
                .contains("importing cache manifest from " + odd.toRealPath())
                .contains("malformed");
    }

    @Test
    void severalCachesAreAskedInTurn() throws IOException {
        Project one = project("several one");
        Project two = project("several two");
        Path firstCache = cache();
        Path secondCache = cache();
        one.id(to(firstCache, ""));
        two.id(to(secondCache, ""), to(firstCache, ",tag=two"));

        assertThat(ends(onSecond(two).build(from(firstCache), from(secondCache))))
                .containsOnly("CACHED");
        assertThat(ends(onSecond(one).build(from(firstCache)))).containsOnly("CACHED");
        assertThat(Files.readString(firstCache.resolve("index.json")))
                .contains("latest")
                .contains("two");
    }

    @Test
    void registryHoldsACacheForAllMachines() throws IOException {
        for (String mode : List.of("", ",mode=max", ",mode=max,oci-mediatypes=false")) {
            Project project = project("registry" + mode);
            String reference = registry.host() + "/team/cache:" + (mode.length() + 1);
            String id = project.id("--cache-to=type=registry,ref=" + reference + mode);

            Outcome build = onSecond(project).build("--cache-from=" + reference, "--explain");

            assertThat(ends(build)).as(mode).containsOnly("CACHED");
            assertThat(build.stderr())
                    .contains("importing cache manifest from " + reference)
                    .contains("found in the cache " + reference);
            assertThat(onSecond(project).id()).isEqualTo(id);
        }
    }

    @Test
    void missInASharedCacheIsExplained() throws IOException {
        Project project = project("explained");
        String reference = registry.host() + "/team/explained:1";
        project.id("--cache-to=type=registry,ref=" + reference);

        project.file(
                "Dockerfile",
                Files.readString(project.path("Dockerfile")).replace("cat made > last", "cat made > next"));

        assertThat(onSecond(project).build("--cache-from=" + reference).ok().stderr())
                .contains("in the cache " + reference + ": RUN: command changed");
    }

    @Test
    void cacheThatCannotBeWrittenFailsTheBuildUnlessToldOtherwise() throws IOException {
        Project project = project("unwritable");
        String nowhere = "--cache-to=type=registry,ref=localhost:1/team/cache";

        assertThat(project.build(nowhere).exits(1).stderr()).contains("exporting cache to registry");
        assertThat(project.build(nowhere + ",ignore-error=true").ok().stderr()).contains("the cache was not written");
    }

    @Test
    void imageCarriesItsOwnCache() throws IOException {
        Project project = project("inline");
        Path image = first.home().resolve("inline-image");
        String id = project.id("--cache-to=type=inline", "-o", "type=oci,tar=false,name=inline,dest=" + image);

        Outcome build = onSecond(project).build(from(image) + ",tag=latest", "--cache-to=type=inline");

        assertThat(ends(build)).containsOnly("CACHED");
        assertThat(onSecond(project).id(from(image), "--cache-to=type=inline")).isEqualTo(id);
    }

    @Test
    void clientElsewhereSendsAndGetsTheFiles() throws Exception {
        Project project = project("elsewhere");
        Path cache = Files.createDirectory(project.path("cache"));
        project.file(".dockerignore", "cache");

        assertThat(project.buildElsewhere(first, "--progress=plain", "--cache-to=type=local,dest=cache,mode=max")
                        .ok()
                        .stderr())
                .contains("exporting cache to client directory");
        assertThat(cache.resolve("index.json")).exists();
        assertThat(ends(project.buildElsewhere(second, "--progress=plain", "--cache-from=type=local,src=cache")))
                .containsOnly("CACHED");
    }
}
