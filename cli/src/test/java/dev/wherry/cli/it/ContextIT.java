package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the files of a build come from: archives, git repositories, URLs, and contexts beside the main one. */
class ContextIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Daemon daemon = new Daemon("--fetch-limit", "64MiB");

    private static final WebServer web = new WebServer();
    private static GitServer repositories;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
        repositories = new GitServer(daemon.home().resolve("repositories"), web);
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--gzip", "--bzip2", "--xz", "--zstd"})
    void archiveComesByStandardInput(String compression) throws Exception {
        Project project = project();

        String other = piped(Files.readAllBytes(tar(project, compression)), "-q", "-f", "dir/Other", "-");

        assertThat(project.shell(other, "cat /other")).isEqualTo("f");
        assertNothingStaged();
    }

    @Test
    void archiveIsAFileOfTheClientOrOfAServer() throws Exception {
        Project project = project();
        Path tar = tar(project, "--gzip");
        web.file("/context", Files.readAllBytes(tar), "");

        String id = build("-q", tar.toString()).ok().line();

        assertThat(project.shell(id, "cd /c && find . -type f | sort"))
                .isEqualTo("./.dockerignore\n./Dockerfile\n./dir/Other\n./dir/file");
        assertThat(build("-q", web.url("/context")).ok().line()).isEqualTo(id);
        String own = piped(
                "FROM busybox\nCOPY dir/file /own\n".getBytes(StandardCharsets.UTF_8),
                "-q",
                "-f",
                "-",
                web.url("/context"));
        assertThat(project.shell(own, "cat /own")).isEqualTo("f");
        assertNothingStaged();
    }

    private static Project project() throws IOException {
        return Project.of(daemon, "FROM busybox\nCOPY . /c/\n")
                .file("dir/Other", "FROM busybox\nCOPY dir/file /other\n")
                .file("dir/file", "f")
                .file("ignored", "i")
                .file(".dockerignore", "ignored\n");
    }

    @Test
    void addressOfADockerfileIsABuildWithoutFiles() throws Exception {
        web.file("/Dockerfile", "FROM busybox\nRUN echo fetched > /f\n");
        Project project = Project.of(daemon, "");

        assertThat(project.shell(build("-q", web.url("/Dockerfile")).ok().line(), "cat /f"))
                .isEqualTo("fetched");
        web.file("/Copying", "FROM busybox\nCOPY f /\n");
        assertThat(build(web.url("/Copying")).refuses(1)).contains("\"f\"");
        assertThat(build(web.url("/missing")).refuses(1)).contains("/missing not found");
    }

    @Test
    void repositoryIsAContextAtItsRefAndDirectory() throws Exception {
        String first = repositories.commit(
                "app",
                "Dockerfile",
                "FROM busybox\nCOPY . /c\n",
                "docker/Dockerfile",
                "FROM busybox\nCOPY x /x\n",
                "docker/x",
                "one",
                ".dockerignore",
                "docker\n");
        repositories.git("app", "branch", "old");
        repositories.commit("app", "docker/x", "two");
        String url = web.url("/git/app.git");
        Project project = Project.of(daemon, "");

        assertThat(project.shell(build("-q", url).ok().line(), "ls -A /c")).isEqualTo(".dockerignore\nDockerfile");
        assertThat(project.shell(build("-q", url + "#main:docker").ok().line(), "cat /x"))
                .isEqualTo("two");
        assertThat(project.shell(build("-q", url + "#old:docker").ok().line(), "cat /x"))
                .isEqualTo("one");
        assertThat(project.shell(build("-q", url + "#" + first + ":docker").ok().line(), "cat /x"))
                .isEqualTo("one");
        Outcome again = build("--progress", "plain", url + "#old:docker").ok();
        assertThat(Project.steps(again).stream().filter(step -> !step.contains("load")))
                .allMatch(step -> step.startsWith("CACHED"));
        assertThat(build(url + "#nosuch").refuses(1)).contains("no branch or tag \"nosuch\"");
        assertThat(build(url + "#--upload-pack=x").refuses(1)).contains("--upload-pack=x");
        assertThat(build("git@127.0.0.1:app.git").refuses(1)).contains("ssh");
        assertNothingStaged();
    }

    @Test
    void dockerfileElsewhereHasItsOwnIgnoreFile() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY . /c\n")
                .file("a", "")
                .file("b", "")
                .file(".dockerignore", "a\n")
                .file("other.Dockerfile", "FROM busybox\nCOPY . /c\n")
                .file("other.Dockerfile.dockerignore", "*\n!a\n");
        Path outside = Files.writeString(daemon.home().resolve("Elsewhere"), "FROM busybox\nCOPY . /c\n");
        Files.writeString(daemon.home().resolve("Elsewhere.dockerignore"), "*\n!b\n");

        assertThat(project.shell(project.id("-f", "other.Dockerfile"), "ls -A /c"))
                .isEqualTo("a");
        assertThat(project.shell(project.id("-f", outside.toString()), "ls -A /c"))
                .isEqualTo("b");
    }

    @Test
    void namedContextReplacesStageAndImage() throws Exception {
        Path lib = Files.createDirectories(daemon.home().resolve("lib"));
        Files.writeString(lib.resolve("code"), "local");
        Files.writeString(lib.resolve("hidden"), "h");
        Files.writeString(lib.resolve(".dockerignore"), "hidden\n");
        repositories.commit("named", "code", "git");
        String image = Project.of(daemon, "FROM busybox\nRUN echo image > /code\nENV FROM=image\n")
                .id("-t", "example.org/code:1");
        assertThat(image).startsWith("sha256:");
        Project project = Project.of(daemon, """
                FROM nosuch.example.org/base AS base
                FROM busybox AS code
                RUN echo stage > /code
                FROM busybox
                COPY --from=code . /c
                RUN --mount=type=bind,from=code,target=/m ls -A /c > /list; cmp /c/code /m/code
                """);
        String show = "grep -v '^bin$' /list | head -3; cat /c/code";

        assertThat(project.shell(project.id("--build-context", "code=" + lib), "cat /list /c/code"))
                .isEqualTo(".dockerignore\ncode\nlocal");
        assertThat(project.shell(
                        project.id("--build-context", "code=" + web.url("/git/named.git")), "cat /list /c/code"))
                .isEqualTo("code\ngit");
        assertThat(project.shell(project.id("--build-context", "code=docker-image://example.org/code:1"), show))
                .endsWith("image");
        assertThat(project.shell(project.id(), show)).endsWith("stage");

        Project based = Project.of(daemon, "FROM alpine:latest\nCOPY --from=nowhere/else /code /copied\n");
        String id = based.id(
                "--build-context",
                "docker.io/library/alpine=docker-image://example.org/code:1",
                "--build-context",
                "nowhere/else=" + lib);
        assertThat(based.inspect(id, "{{json .Config.Env}}")).contains("FROM=image");
        assertThat(based.shell(id, "cat /code /copied")).isEqualTo("image\nlocal");

        Project files = Project.of(daemon, "FROM code\n");
        String scratch = files.id("--build-context", "code=" + lib);
        assertThat(files.inspect(scratch, "{{len .RootFS.Layers}}")).isEqualTo("1");
        assertThat(Project.steps(files.build("--build-context", "code=" + lib).ok()))
                .allMatch(step -> step.startsWith("CACHED"));
    }

    @Test
    void imageOfALayoutIsABaseLikeAnyOther() throws Exception {
        Path layout = daemon.home().resolve("layout");
        Layout.write(layout, Busybox.tar(daemon.home()), "1.0");
        Project project =
                Project.of(daemon, "FROM app\nCOPY --from=app /bin/busybox /copied\nRUN cmp /copied /bin/sh\n");

        project.id("--build-context", "app=oci-layout://" + layout + ":1.0");
        project.id("--build-context", "app=oci-layout://" + layout);
        String id = project.id("--no-cache", "--build-context", "app=oci-layout://" + layout);
        assertThat(project.inspect(id, "{{json .Config.Env}}")).contains("LAYOUT=yes");

        assertThat(project.build("--build-context", "app=oci-layout://" + layout + ":2.0")
                        .refuses(1))
                .contains("has no \"2.0\"");
    }

    @Test
    void contextsOfAClientElsewhereAreSentByName() throws Exception {
        Path lib = Files.createDirectories(daemon.home().resolve("remote-lib"));
        Files.writeString(lib.resolve("code"), "remote");
        Files.writeString(lib.resolve("hidden"), "h");
        Files.writeString(lib.resolve(".dockerignore"), "hidden\n");
        Project project = Project.of(daemon, "FROM busybox\nCOPY main /\nCOPY --from=code . /c\n")
                .file("main", "m");

        Outcome build = elsewhere(project, lib, "-q", "--build-context");

        String id = build.ok().line();
        assertThat(project.shell(id, "cat /main /c/code; ls -A /c")).isEqualTo("mremote.dockerignore\ncode");
    }

    @Test
    void mistakesAreOneClearLine() throws Exception {
        Path text = Files.writeString(daemon.home().resolve("text"), "FROM busybox\n");
        Path empty = Files.createDirectories(daemon.home().resolve("nothing"));

        assertThat(build(text.toString()).refuses(1)).contains("is a file", "tar archive");
        assertThat(build("--build-context", "x", empty.toString()).refuses(1)).contains("NAME=SOURCE");
        assertThat(build("--build-context", "x=/no/such", empty.toString()).refuses(1))
                .contains("/no/such not found");
        assertThat(build("--build-context", "x=ftp://h/a", empty.toString()).refuses(1))
                .contains("ftp:");
        assertThat(build("--build-context", "x=target:base", empty.toString()).refuses(1))
                .contains("target:");
        Process both = daemon.spawn(daemon.home(), "build", "-f", "-", "-");
        both.getOutputStream().close();
        assertThat(Outcome.of(List.of("build"), both, LIMIT).refuses(1)).contains("cannot both come");
    }

    @Test
    void hostileContextsReadNothingOutside() throws Exception {
        Path secret = Files.writeString(daemon.home().resolve("secret"), "s3cr3t-bad-pattern[\n");
        Project project = Project.of(daemon, "FROM busybox\nCOPY . /c\n");
        Files.createSymbolicLink(project.path(".dockerignore"), secret);
        assertThat(project.build().refuses(1)).contains(".dockerignore").doesNotContain("s3cr3t");
        assertThat(error(piped(project, tar(project, ""))))
                .contains(".dockerignore")
                .doesNotContain("s3cr3t");

        Files.delete(project.path(".dockerignore"));
        run("mkfifo", project.path(".dockerignore").toString());
        assertThat(project.build().refuses(1)).contains(".dockerignore is not a file");

        Files.delete(project.path(".dockerignore"));
        Files.delete(project.path("Dockerfile"));
        Files.createSymbolicLink(project.path("Dockerfile"), secret);
        assertThat(error(piped(project, tar(project, ""))))
                .contains("Dockerfile")
                .doesNotContain("s3cr3t");

        Files.delete(project.path("Dockerfile"));
        project.file("Dockerfile", "FROM busybox\nCOPY out/secret /stolen\n");
        Files.createSymbolicLink(project.path("out"), daemon.home());
        assertThat(error(piped(project, tar(project, "")))).contains("out/secret");

        Path up = daemon.home().resolve("up.tar");
        run("tar", "-C", daemon.home().toString(), "-Pcf", up.toString(), "--transform", "s,^,../../,", "secret");
        assertThat(error(piped(project, up))).contains("../../secret").contains("leads out");

        Path bomb = daemon.home().resolve("bomb");
        run("truncate", "-s", "100M", bomb.toString());
        Path bombed = daemon.home().resolve("bomb.tar.gz");
        run("tar", "-C", daemon.home().toString(), "-czf", bombed.toString(), "bomb");
        assertThat(error(piped(project, bombed))).contains("larger than");
        byte[] whole = Files.readAllBytes(tar(project, "--gzip"));
        Path cut = Files.write(daemon.home().resolve("cut"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(error(piped(project, cut))).contains("damaged");
        assertNothingStaged();
    }

    private static String error(Outcome outcome) {
        return outcome.refuses(1);
    }

    private static Outcome build(String... arguments) {
        List<String> all = new ArrayList<>(List.of("build"));
        all.addAll(List.of(arguments));
        return daemon.wherry(all.toArray(String[]::new));
    }

    private static String piped(byte[] input, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("build"));
        all.addAll(List.of(arguments));
        Process client = daemon.spawn(daemon.home(), all.toArray(String[]::new));
        try (OutputStream stdin = client.getOutputStream()) {
            stdin.write(input);
        }
        return Outcome.of(all, client, LIMIT).ok().line();
    }

    private static Outcome piped(Project project, Path input) throws IOException {
        Process client = daemon.spawn(project.folder(), "build", "-");
        try (OutputStream stdin = client.getOutputStream()) {
            Files.copy(input, stdin);
        } catch (IOException refusedEarly) {
            // What it says counts.
        }
        return Outcome.of(List.of("build", "-"), client, LIMIT);
    }

    private static Path tar(Project project, String compression) throws Exception {
        Path tar = Files.createTempFile(daemon.home(), "context", ".tar");
        List<String> command =
                new ArrayList<>(List.of("tar", "-C", project.folder().toString(), "-cf", tar.toString()));
        if (!compression.isEmpty()) {
            command.add(compression);
        }
        command.add(".");
        run(command.toArray(String[]::new));
        return tar;
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** Builds in a mount namespace where the folders have other paths, which lead elsewhere for the daemon. */
    private static Outcome elsewhere(Project project, Path lib, String... options) throws IOException {
        Path seen = Files.createDirectories(daemon.home().resolve("seen-main"));
        Path seenLib = Files.createDirectories(daemon.home().resolve("seen-lib"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-ec",
                "mount --bind \"$1\" \"$2\"; mount --bind \"$3\" \"$4\"; cd \"$2\"; lib=$4; shift 4; exec \"$@\" code=$lib .",
                "sh",
                project.folder().toString(),
                seen.toString(),
                lib.toString(),
                seenLib.toString(),
                System.getProperty("wherry.cli"),
                "build"));
        command.addAll(List.of(options));
        ProcessBuilder client = new ProcessBuilder(command);
        client.environment().put("WHERRY_HOST", "unix://" + daemon.socket());
        return Outcome.of(command, client.start(), LIMIT);
    }

    private static void assertNothingStaged() throws IOException {
        Path staging = daemon.root().resolve("contexts/staging");
        if (Files.exists(staging)) {
            try (Stream<Path> left = Files.list(staging)) {
                assertThat(left).isEmpty();
            }
        }
    }
}
