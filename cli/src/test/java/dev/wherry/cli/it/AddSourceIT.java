package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ADD of what is fetched: files of web servers and git repositories. */
class AddSourceIT {

    private static final String TIME = "Sun, 06 Nov 1994 08:49:37 GMT";

    @RegisterExtension
    static final Daemon daemon = new Daemon("--fetch-limit", "8MiB");

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

    @Test
    void fileOfAServerIsForItsOwnerOnlyAndKeepsItsTime() throws Exception {
        web.file("/dir/a%20b.txt".replace("%20", " "), "hello\n".getBytes(StandardCharsets.UTF_8), TIME);
        web.file("/untimed", "x");
        Project project = Project.of(
                daemon,
                "FROM busybox\nADD " + web.url("/dir/a%20b.txt?q=1") + " /d/\nADD --chown=7:8 --chmod=751 "
                        + web.url("/untimed") + " /named\n");

        String id = project.id();

        assertThat(project.shell(id, "stat -c '%n %a %u:%g %Y %s' /d/* /named; cat /d/*"))
                .isEqualTo("/d/a b.txt 600 0:0 784111777 6\n/named 751 7:8 0 1\nhello");
    }

    @Test
    void unchangedFileCostsOneRequestAndNoBytes() throws Exception {
        web.file("/cached", "one");
        Project project = Project.of(daemon, "FROM busybox\nADD " + web.url("/cached") + " /f\n");
        web.takeRequests();

        Outcome first = project.build().ok();
        assertThat(Project.steps(first)).anyMatch(step -> step.startsWith("DONE ADD"));
        assertThat(first.stderr()).containsPattern("#2 http://127.0.0.1:[0-9]+/cached 3 ?B / 3 ?B");
        assertThat(web.takeRequests()).containsExactly("GET /cached 200");

        assertThat(Project.steps(project.build().ok())).allMatch(step -> step.startsWith("CACHED"));
        assertThat(web.takeRequests()).containsExactly("GET /cached 304");

        web.file("/cached", "two");
        assertThat(project.shell(project.id(), "cat /f")).isEqualTo("two");
        assertThat(web.takeRequests()).containsExactly("GET /cached 200");

        // The same content is the same step, wherever it comes from.
        web.file("/other/cached", "one");
        project.file("Dockerfile", "FROM busybox\nADD " + web.url("/other/cached") + " /f\n");
        assertThat(Project.steps(project.build().ok())).anyMatch(step -> step.startsWith("CACHED ADD"));
    }

    @Test
    void fileOfAKnownDigestIsVerifiedAndThenNotAskedFor() throws Exception {
        web.file("/sum", "content");
        web.takeRequests();
        String digest = sha256("content");
        Project project = Project.of(
                daemon, "FROM busybox\nARG SUM=" + digest + "\nADD --checksum=$SUM " + web.url("/sum") + " /f\n");

        String id = project.id();
        assertThat(web.takeRequests()).containsExactly("GET /sum 200");
        assertThat(project.id()).isEqualTo(id);
        assertThat(web.takeRequests()).isEmpty();

        String wrong =
                project.build("--build-arg", "SUM=sha256:" + "0".repeat(64)).refuses(1);
        assertThat(wrong).contains("Dockerfile:3", "sha256:000", digest);
        assertThat(project.build("--build-arg", "SUM=md5:1").refuses(1)).contains("--checksum", "sha256:…");
        assertThat(Project.of(daemon, "FROM busybox\nADD --checksum=" + digest + " Dockerfile /\n")
                        .build()
                        .refuses(1))
                .contains("--checksum");
    }

    @Test
    void archiveIsUnpackedOnlyWhenAsked() throws Exception {
        Path tar = daemon.home().resolve("add.tar");
        Path folder = Files.createDirectories(daemon.home().resolve("tarred"));
        Files.writeString(folder.resolve("inside"), "in");
        assertThat(new ProcessBuilder("tar", "-C", folder.toString(), "-cf", tar.toString(), "inside")
                        .start()
                        .waitFor())
                .isZero();
        web.file("/add.tar", Files.readAllBytes(tar), "");
        Project project = Project.of(
                daemon,
                "FROM busybox\nADD " + web.url("/add.tar") + " /kept/\nADD --unpack=true " + web.url("/add.tar")
                        + " /unpacked/\n");

        assertThat(project.shell(project.id(), "ls /kept /unpacked; cat /unpacked/inside"))
                .isEqualTo("/kept:\nadd.tar\n\n/unpacked:\ninside\nin");
    }

    @Test
    void repositoryIsAddedAtItsBranchTagOrCommit() throws Exception {
        String first = repositories.commit("app", "sub/file", "one", "top", "t", "run.sh", "#!/bin/sh\n");
        repositories.git("app", "-c", "user.name=a", "-c", "user.email=a@b", "tag", "-a", "-m", "x", "v1");
        String second = repositories.commit("app", "sub/file", "two");
        String url = web.url("/git/app.git");
        Project project = Project.of(
                daemon,
                "FROM busybox\nARG REF\nADD " + url + "$REF /src\nRUN cd /src && find . -type f | sort > /list\n");

        assertThat(project.shell(project.id(), "cat /list /src/sub/file"))
                .isEqualTo("./run.sh\n./sub/file\n./top\ntwo");
        for (String ref : List.of("#v1", "#" + first, "?ref=v1", "?tag=v1")) {
            assertThat(project.shell(project.id("--build-arg", "REF=" + ref), "cat /src/sub/file"))
                    .as(ref)
                    .isEqualTo("one");
        }
        assertThat(project.shell(project.id("--build-arg", "REF=#main:sub"), "cat /list /src/file"))
                .isEqualTo("./file\ntwo");

        web.takeRequests();
        assertThat(Project.steps(project.build("--build-arg", "REF=#" + second).ok()))
                .anyMatch(step -> step.startsWith("CACHED ADD"));
        assertThat(web.takeRequests()).isEmpty();
        assertThat(Project.steps(project.build().ok())).anyMatch(step -> step.startsWith("CACHED ADD"));
        assertThat(web.takeRequests()).hasSizeBetween(1, 2);
    }

    @Test
    void gitDirIsKeptOnlyWhenAskedAndSubmodulesComeAlong() throws Exception {
        repositories.commit("inner", "deep", "d");
        repositories.commit("outer", "file", "f");
        repositories.git(
                "outer",
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                web.url("/git/inner.git"),
                "module");
        String commit = repositories.commit("outer", "file", "g");
        String url = web.url("/git/outer.git");
        Project project = Project.of(
                daemon,
                "FROM busybox\nADD " + url + " /plain\nADD --keep-git-dir=true --checksum=" + commit + " " + url
                        + " /whole\n");

        String id = project.id();

        assertThat(project.shell(id, "ls -A /plain; find /plain -name .git; cat /plain/module/deep /whole/module/deep"))
                .isEqualTo(".gitmodules\nfile\nmodule\ndd");
        assertThat(project.shell(id, "cat /whole/.git/HEAD; ls /whole/.git/hooks 2>&1 || true"))
                .startsWith(commit)
                .contains("No such file");
        String other = "0".repeat(40);
        assertThat(Project.of(daemon, "FROM busybox\nADD --checksum=" + other + " " + url + "#main /x\n")
                        .build()
                        .refuses(1))
                .contains("should be at commit " + other, commit);
    }

    @Test
    void hostileServersEndInOneClearLine() throws Exception {
        web.page("/to-file", exchange -> {
            exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
            WebServer.send(exchange, 302, new byte[0]);
        });
        web.page("/loop", exchange -> {
            exchange.getResponseHeaders().set("Location", "/loop");
            WebServer.send(exchange, 302, new byte[0]);
        });
        web.page("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] zeros = new byte[1 << 16];
            try (OutputStream body = exchange.getResponseBody()) {
                for (int i = 0; i < 10_000; i++) {
                    body.write(zeros);
                }
            }
        });
        web.page("/large", exchange -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write(new byte[1]);
            exchange.getResponseBody().flush();
            throw new IOException("breaks off");
        });
        web.page("/short", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("breaks off");
        });
        web.page("/broken", exchange -> WebServer.send(exchange, 500, new byte[0]));
        List<Path> before = content();

        assertThat(error("/to-file")).contains("file:///etc/passwd");
        assertThat(error("/loop")).contains("redirects more than");
        assertThat(error("/endless")).contains("8 MiB", "fetch-limit");
        assertThat(error("/large")).contains("8 MiB", "fetch-limit");
        assertThat(error("/short")).contains("/short");
        assertThat(error("/broken")).contains("status 500");
        assertThat(error("/nothing")).contains("not found");
        assertThat(refused("http://127.0.0.1:1/x")).contains("127.0.0.1:1");
        assertThat(refused("http://user:secret@127.0.0.1:1/x"))
                .doesNotContain("No such")
                .contains("password");

        assertThat(content()).isEqualTo(before);
    }

    @Test
    void hostileRepositoriesEndInOneClearLine() throws Exception {
        Path secret = Files.writeString(daemon.home().resolve("secret"), "s3cr3t");
        repositories.commit("evil", "file", "f");
        Files.createSymbolicLink(repositories.work("evil").resolve("out"), daemon.home());
        Path hook = repositories.work("evil").resolve("hooks/post-checkout");
        repositories.commit("evil", "hooks/post-checkout", "#!/bin/sh\ntouch " + daemon.home() + "/hooked\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        repositories.commit(
                "evil",
                ".gitmodules",
                "[submodule \"m\"]\n\tpath = m\n\turl = file://" + repositories.work("evil") + "\n");
        String url = web.url("/git/evil.git");

        assertThat(refused(url + "#--upload-pack=touch")).contains("--upload-pack=touch");
        assertThat(refused(url + "#nosuch")).contains("no branch or tag \"nosuch\"");
        assertThat(refused(url + "#" + "1".repeat(40))).contains("no commit 111");
        assertThat(refused(url + "#main:out")).contains("\"out\"");
        assertThat(refused(url + "#main:../..")).contains("leads out");
        assertThat(refused("git://-oProxyCommand=x/a")).contains("-oProxyCommand");
        assertThat(refused("git@127.0.0.1:a.git")).contains("ssh");
        assertThat(refused(web.url("/git/missing.git"))).contains("missing.git");
        assertThat(daemon.home().resolve("hooked")).doesNotExist();
        assertThat(Files.readString(secret)).isEqualTo("s3cr3t");
        try (Stream<Path> left = Files.list(daemon.root().resolve("contexts/staging"))) {
            assertThat(left).isEmpty();
        }
    }

    private static String error(String path) throws IOException {
        return refused(web.url(path));
    }

    private static String refused(String source) throws IOException {
        String line = Project.of(daemon, "FROM busybox\nADD " + source + " /x\n")
                .build()
                .refuses(1);
        assertThat(line).contains("Dockerfile:2");
        return line;
    }

    private static List<Path> content() throws IOException {
        try (Stream<Path> files = Files.walk(daemon.root().resolve("content"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(String text) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
