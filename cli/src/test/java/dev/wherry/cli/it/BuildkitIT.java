package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.BuildHistoryRequest;
import dev.wherry.buildkit.control.CacheOptions;
import dev.wherry.buildkit.control.CacheOptionsEntry;
import dev.wherry.buildkit.control.DiskUsageRequest;
import dev.wherry.buildkit.control.ListWorkersRequest;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.buildkit.control.StatusRequest;
import dev.wherry.buildkit.control.VertexWarning;
import dev.wherry.buildkit.fsutil.Stat;
import dev.wherry.buildkit.gateway.LLBBridgeGrpc;
import dev.wherry.buildkit.gateway.NewContainerRequest;
import dev.wherry.buildkit.gateway.ReadFileRequest;
import dev.wherry.buildkit.gateway.Ref;
import dev.wherry.buildkit.gateway.StatFileRequest;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.buildkit.ops.Input;
import dev.wherry.buildkit.ops.Op;
import dev.wherry.buildkit.ops.SourceOp;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** BuildKit's protocol as docker build, buildx and compose speak it, and as nobody should. */
class BuildkitIT {

    private static final int FILE = 0644;
    private static final int LINK = 1 << 27 | 0777;

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static BuildkitFiles files(String dockerfile) {
        return new BuildkitFiles().with("Dockerfile", dockerfile);
    }

    @Test
    void buildTakesWhatChangedFromTheSessionAndSaysWhyItMissed() throws Exception {
        BuildkitFiles files = files(
                        "FROM busybox\nCOPY src /src\nRUN cat /src/a; cat /run/secrets/s 2>/dev/null; true\n")
                .withFolder("src")
                .with("src/a", "one\n")
                .with("src/b", "two\n")
                .with("ignored", "x")
                .with(".dockerignore", "ignored\n");
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            BuildkitClient.Built first = client.build(Map.of(), BuildkitClient.exporter("moby", "name=app"));
            assertThat(first.output()).contains("one\n");
            assertThat(files.asked()).contains("src/a", "src/b").doesNotContain("ignored");
            assertThat(daemon.wherry("images", "-q", "--no-trunc", "app").ok().stdout())
                    .contains(first.response().get("containerimage.digest"));
            assertThat(first.exported())
                    .contains(
                            "writing image " + first.response().get("containerimage.config.digest"),
                            "naming to docker.io/library/app:latest");

            files.asked().clear();
            BuildkitClient.Built second = client.build(Map.of(), BuildkitClient.exporter("moby", "name=app"));
            assertThat(second.response().get("containerimage.digest"))
                    .isEqualTo(first.response().get("containerimage.digest"));
            assertThat(second.cached()).anyMatch(name -> name.contains("RUN cat"));
            assertThat(files.asked()).isEmpty();

            files.with("src/a", "three\n");
            BuildkitClient.Built third = client.build(Map.of(), BuildkitClient.exporter("moby", "name=app"));
            assertThat(files.asked()).containsExactly("src/a");
            assertThat(third.output()).contains("three\n");
            assertThat(third.warnings())
                    .anyMatch(warning ->
                            warning.contains("not cached: COPY src /src") && warning.contains("src/a (content"));
        }
    }

    @Test
    void secretsAreAskedFor() throws Exception {
        BuildkitFiles files = files("FROM busybox\nRUN --mount=type=secret,id=s,required=true cat /run/secrets/s\n");
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            assertThatThrownBy(() -> client.build(Map.of("no-cache", ""))).hasMessageContaining("s");
            assertThat(client.secret("s", "hidden words\n")
                            .build(Map.of("no-cache", ""))
                            .output())
                    .contains("hidden words\n");
        }
    }

    @Test
    void outputsGoToTheirPlaces() throws Exception {
        BuildkitFiles files = files("FROM scratch\nCOPY a /deep/a\n").with("a", "content");
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            client.build(
                    Map.of(),
                    BuildkitClient.exporter("tar"),
                    BuildkitClient.exporter("docker", "name=archived"),
                    BuildkitClient.exporter("moby", "name=kept"));
            try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(files.output(0)))) {
                assertThat(tar.getNextEntry().getName()).isEqualTo("deep/");
                assertThat(tar.getNextEntry().getName()).isEqualTo("deep/a");
                assertThat(new String(tar.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("content");
            }
            assertThat(new String(files.output(1), StandardCharsets.ISO_8859_1)).contains("manifest.json");
            daemon.wherry("image", "inspect", "kept").ok();
        }
    }

    @Test
    void failureIsOneLineOfTheStep() throws Exception {
        try (BuildkitClient client = new BuildkitClient(daemon, files("FROM busybox\nRUN exit 3\n"))) {
            assertThatThrownBy(() -> client.build(Map.of()))
                    .hasMessage("UNKNOWN: Dockerfile:2: RUN exit 3: exit code 3")
                    .satisfies(failure -> assertThat(source(failure))
                            .contains("\"filename\":\"Dockerfile\"", "{\"line\":2}")
                            .contains(base64("FROM busybox\nRUN exit 3\n")));
        }
    }

    /** What clients show the lines of the Dockerfile by. */
    private static String source(Throwable failure) {
        Any detail = StatusProto.fromThrowable(failure).getDetails(0);
        assertThat(detail.getTypeUrl()).isEqualTo("github.com/moby/buildkit/errdefs.Source+json");
        return detail.getValue().toStringUtf8();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void mistakesAndWarningsShowTheirLines() throws Exception {
        try (BuildkitClient client = new BuildkitClient(daemon, files("FROM busybox\nRUNN x\n"))) {
            for (Map<String, String> options :
                    List.of(Map.<String, String>of(), Map.of("requestid", "frontend.lint"))) {
                assertThatThrownBy(() -> client.build(options))
                        .satisfies(failure -> assertThat(source(failure)).contains("{\"line\":2}"));
            }
        }
        try (BuildkitClient client = new BuildkitClient(daemon, files("FROM busybox\n\nmaintainer x\n"))) {
            VertexWarning warning = client.build(Map.of()).status().stream()
                    .flatMap(part -> part.getWarningsList().stream())
                    .filter(one -> one.getShort().toStringUtf8().contains("Maintainer"))
                    .findFirst()
                    .orElseThrow();
            assertThat(warning.getInfo().getData().toStringUtf8()).isEqualTo("FROM busybox\n\nmaintainer x\n");
            assertThat(warning.getRanges(0).getStart().getLine()).isEqualTo(3);
        }
    }

    @Test
    void targetsAndChecksAnswerInsteadOfABuild() throws Exception {
        try (BuildkitClient client = new BuildkitClient(daemon, files("FROM busybox AS one\nmaintainer x\n"))) {
            assertThat(client.build(Map.of("requestid", "frontend.targets"))
                            .result()
                            .getMetadataMap()
                            .get("result.json")
                            .toStringUtf8())
                    .contains("\"name\":\"one\"");
            Map<String, ByteString> lint =
                    client.build(Map.of("requestid", "frontend.lint")).result().getMetadataMap();
            assertThat(lint.get("result.json").toStringUtf8()).contains("MaintainerDeprecated");
            assertThat(lint.get("result.statuscode").toStringUtf8()).isEqualTo("1");
        }
    }

    @Test
    void whatIsKeptIsTold() throws Exception {
        try (BuildkitClient client = new BuildkitClient(daemon, files("FROM busybox\nRUN echo kept words\n"))) {
            client.build(Map.of());
            assertThat(client.control()
                            .listWorkers(ListWorkersRequest.getDefaultInstance())
                            .getRecordCount())
                    .isEqualTo(1);
            assertThat(client.control()
                            .diskUsage(DiskUsageRequest.getDefaultInstance())
                            .getRecordList())
                    .anyMatch(record -> record.getDescription().contains("RUN echo kept words"));
            String ref = client.control()
                    .listenBuildHistory(
                            BuildHistoryRequest.newBuilder().setEarlyExit(true).build())
                    .next()
                    .getRecord()
                    .getRef();
            StringBuilder log = new StringBuilder();
            client.control()
                    .status(StatusRequest.newBuilder().setRef(ref).build())
                    .forEachRemaining(part -> part.getLogsList()
                            .forEach(line -> log.append(line.getMsg().toStringUtf8())));
            assertThat(log.toString()).contains("kept words\n");
        }
    }

    @Test
    void graphOfBuildKitIsRefused() throws Exception {
        try (BuildkitClient client = new BuildkitClient(daemon, files(""))) {
            assertThatThrownBy(() -> client.control()
                            .solve(SolveRequest.newBuilder()
                                    .setRef("raw")
                                    .setDefinition(Definition.newBuilder().addDef(ByteString.copyFromUtf8("x")))
                                    .build()))
                    .hasMessageContaining("definitions of BuildKit's own graph (LLB) are not supported");
            assertThatThrownBy(() -> client.control()
                            .solve(SolveRequest.newBuilder()
                                    .setRef("other")
                                    .setFrontend("dockerfile.v0")
                                    .setSession("nosuch")
                                    .build()))
                    .hasMessageContaining("the client's session nosuch is not open");
        }
    }

    private static CacheOptionsEntry local(String... attributes) {
        CacheOptionsEntry.Builder entry = CacheOptionsEntry.newBuilder().setType("local");
        for (String attribute : attributes) {
            String[] parts = attribute.split("=", 2);
            entry.putAttrs(parts[0], parts[1]);
        }
        return entry.build();
    }

    @Test
    void cacheGoesIntoAFolderOfTheClientAndComesFromThere() throws Exception {
        BuildkitFiles files = files("FROM busybox\nRUN echo of the folder; head -c 3000000 /dev/urandom > /big\n");
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            CacheOptions to = CacheOptions.newBuilder()
                    .addExports(local("dest=/cache", "mode=max"))
                    .build();
            String told = client.build(to, Map.of()).response().get("cache.manifest");
            String digest = told.replaceFirst(".*\"digest\":\"([^\"]+)\".*", "$1");
            assertThat(client.store().written()).hasSizeGreaterThan(2).contains(digest);
            assertThat(client.store().blob(digest)).isNotNull();

            client.store().written().clear();
            client.build(to, Map.of());
            assertThat(client.store().written()).isEmpty();

            daemon.wherry("builder", "prune", "-af").ok();
            CacheOptions from = CacheOptions.newBuilder()
                    .addImports(local("src=/cache", "digest=" + digest))
                    .build();
            assertThat(client.build(from, Map.of(), BuildkitClient.exporter("moby", "name=fromcache"))
                            .cached())
                    .anyMatch(name -> name.contains("RUN echo of the folder"));
            daemon.wherry("run", "--rm", "--network", "none", "fromcache", "test", "-s", "/big")
                    .ok();

            client.store().lie(digest, "{}".getBytes(StandardCharsets.UTF_8));
            daemon.wherry("rmi", "fromcache").ok();
            daemon.wherry("builder", "prune", "-af").ok();
            assertThat(client.build(from, Map.of()).output()).contains("of the folder");
        }
    }

    @Test
    void imageOfALayoutIsAContext() throws Exception {
        BuildkitFiles files = files("FROM base\nRUN cat /words\n");
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            byte[] layer = tar("words", "from the layout\n");
            String diff = client.store().with(layer);
            byte[] config =
                    ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                    + diff + "\"]},\"config\":{}}")
                            .getBytes(StandardCharsets.UTF_8);
            String image = client.store()
                    .with(
                            ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                                            + descriptor("application/vnd.oci.image.config.v1+json", config)
                                            + ",\"layers\":["
                                            + descriptor("application/vnd.oci.image.layer.v1.tar", layer) + "]}")
                                    .getBytes(StandardCharsets.UTF_8));
            client.store().with(config);
            Map<String, String> options = Map.of("context:base", "oci-layout://store@" + image, "target", "");
            files.with("Dockerfile", "FROM base AS base2\nFROM busybox\nCOPY --from=base2 /words /\nRUN cat /words\n");

            assertThat(client.build(options).output()).contains("from the layout\n");

            client.store().read().clear();
            client.build(options);
            assertThat(client.store().read()).containsOnly(image);

            client.store().lie(image, "{}".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> client.build(options)).hasMessageContaining("not what its digest says");
            assertThatThrownBy(() -> client.build(Map.of("context:base", "oci-layout://store:latest")))
                    .hasMessageContaining("does not say which image");
        }
    }

    private static String descriptor(String type, byte[] bytes) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + BuildkitStore.digest(bytes) + "\",\"size\":"
                + bytes.length + "}";
    }

    private static byte[] tar(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(bytes.length);
            tar.putArchiveEntry(entry);
            tar.write(bytes);
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }

    /** As bake reads its own file in a repository. */
    @Test
    void filesOfARepositoryAreReadBeforeTheBuild() throws Exception {
        try (WebServer web = new WebServer();
                BuildkitClient client = new BuildkitClient(daemon, files(""))) {
            GitServer repositories = new GitServer(daemon.home().resolve("bake"), web);
            repositories.commit(
                    "app", "docker-bake.hcl", "target \"default\" {}\n", "ctx/Dockerfile", "FROM busybox\n");
            Files.createSymbolicLink(repositories.work("app").resolve("out"), Path.of("/etc/hostname"));
            repositories.commit("app");
            String address = web.url("/git/app.git");
            LLBBridgeGrpc.LLBBridgeBlockingStub bridge = client.opened("bake");

            Ref ref = bridge.solve(dev.wherry.buildkit.gateway.SolveRequest.newBuilder()
                            .setDefinition(fetching(address))
                            .build())
                    .getResult()
                    .getRef();

            assertThat(bridge.readFile(ReadFileRequest.newBuilder()
                                    .setRef(ref.getId())
                                    .setFilePath("docker-bake.hcl")
                                    .build())
                            .getData()
                            .toStringUtf8())
                    .isEqualTo("target \"default\" {}\n");
            assertThat(bridge.statFile(StatFileRequest.newBuilder()
                                    .setRef(ref.getId())
                                    .setPath("ctx")
                                    .build())
                            .getStat()
                            .getMode())
                    .isNegative();
            for (String path : List.of("nosuch", "../../etc/hostname", "out", "a\0b")) {
                assertThatThrownBy(() -> bridge.readFile(ReadFileRequest.newBuilder()
                                .setRef(ref.getId())
                                .setFilePath(path)
                                .build()))
                        .hasMessageContaining("no such file");
            }
            assertThatThrownBy(() -> bridge.newContainer(NewContainerRequest.getDefaultInstance()))
                    .hasMessageContaining("not supported over BuildKit's protocol");
            assertThat(client.build(Map.of("input:context", address + "#main:ctx"))
                            .response())
                    .isNotNull();
        }
    }

    private static Definition fetching(String address) {
        Op source = Op.newBuilder()
                .setSource(SourceOp.newBuilder()
                        .setIdentifier("git://" + address.replaceFirst("^https?://", ""))
                        .putAttrs("git.fullurl", address))
                .build();
        return Definition.newBuilder()
                .addDef(source.toByteString())
                .addDef(Op.newBuilder()
                        .addInputs(Input.newBuilder().setDigest("sha256:1"))
                        .build()
                        .toByteString())
                .build();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(stat("../out", FILE, 3), "leads out of it: ../out"),
                Arguments.of(stat("/etc/cron.d/x", FILE, 3), "leads out of it: /etc/cron.d/x"),
                Arguments.of(stat("a/../../x", FILE, 3), "leads out of it"),
                Arguments.of(stat("nosuch/x", FILE, 3), "outside a directory"),
                Arguments.of(stat("link/x", FILE, 3), "outside a directory"),
                Arguments.of(stat("short", FILE, 2), "short changed while it was sent"),
                Arguments.of(stat("long", FILE, 4), "long changed while it was sent"),
                Arguments.of(stat("huge", FILE, Long.MAX_VALUE), "larger than"),
                Arguments.of(stat("negative", FILE, -1), "leads out of it"),
                Arguments.of(stat("n\0ul", FILE, 3), "NUL"),
                Arguments.of(
                        stat("hard", FILE, 0).toBuilder()
                                .setLinkname("/etc/shadow")
                                .build(),
                        "links hard to a file that it does not have"));
    }

    private static Stat stat(String path, int mode, long size) {
        return Stat.newBuilder()
                .setPath(path)
                .setMode(mode)
                .setSize(size)
                .setModTime(System.nanoTime())
                .build();
    }

    @ParameterizedTest
    @MethodSource("lies")
    void sessionThatLiesIsRefusedInALine(Stat lie, String reason) throws Exception {
        BuildkitFiles files = files("FROM scratch\nCOPY . /\n")
                .with(
                        stat("link", LINK, 0).toBuilder()
                                .setLinkname("/etc/cron.d")
                                .build(),
                        new byte[0])
                .with(lie, "abc".getBytes(StandardCharsets.UTF_8));
        try (BuildkitClient client = new BuildkitClient(daemon, files)) {
            assertThatThrownBy(() -> client.build(Map.of()))
                    .hasMessageContaining(reason)
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
        }
    }
}
