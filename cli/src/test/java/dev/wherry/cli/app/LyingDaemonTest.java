package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.ListContext;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.OutputEntry.Type;
import dev.wherry.v1.OutputManifest;
import dev.wherry.v1.OutputPiece;
import dev.wherry.v1.OutputPieces;
import dev.wherry.v1.ReadFiles;
import dev.wherry.v1.SecretRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds whose daemon wants what it must not have: files outside of the context, and to write outside of the output. */
class LyingDaemonTest {
    private static final String SECRET = "for nobody else";

    @TempDir
    private Path folder;

    private FakeDaemon daemon;
    private Path context;
    private Path outside;
    private Path out;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder.resolve("wherryd.sock"));
        context = Files.createDirectory(folder.toRealPath().resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");
        outside = Files.createDirectory(folder.toRealPath().resolve("outside"));
        Files.writeString(outside.resolve("secret"), SECRET);
        out = Files.createDirectory(folder.toRealPath().resolve("out"));
        Files.writeString(out.resolve("own"), "");
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.close();
    }

    private InProcess.Result build(String... options) {
        List<String> arguments = new ArrayList<>(List.of("build", "-q"));
        arguments.addAll(List.of(options));
        arguments.add(context.toString());
        return InProcess.wherry("unix://" + folder.resolve("wherryd.sock"), arguments.toArray(String[]::new));
    }

    private static BuildEvent asks(ContextRequest.Builder request) {
        return BuildEvent.newBuilder().setContext(request).build();
    }

    private static ReadFiles files(Object... paths) {
        ReadFiles.Builder files = ReadFiles.newBuilder();
        for (Object path : paths) {
            files.addPaths(ByteString.copyFromUtf8(path.toString()));
        }
        return files.build();
    }

    @Test
    void nothingOutsideOfTheContextIsSent() throws IOException {
        Files.createSymbolicLink(context.resolve("link"), outside.resolve("secret"));
        Files.createSymbolicLink(context.resolve("folder"), outside);
        ReadFiles evil = files("../outside/secret", outside.resolve("secret"), "link", "folder/secret");
        daemon.script.addAll(List.of(
                asks(ContextRequest.newBuilder().setList(ListContext.getDefaultInstance())),
                asks(ContextRequest.newBuilder().setRead(evil)),
                asks(ContextRequest.newBuilder().setDigest(evil)),
                asks(ContextRequest.newBuilder()
                        .setDockerfile(outside.resolve("secret").toString())),
                asks(ContextRequest.newBuilder().setDockerfile("../outside/secret")),
                asks(ContextRequest.newBuilder().setRead(evil).setContext("no such context")),
                BuildEvent.newBuilder()
                        .setSecret(SecretRequest.newBuilder()
                                .setId(outside.resolve("secret").toString()))
                        .build()));

        assertThat(build().exitCode()).isZero();

        assertThat(daemon.answers).hasSize(7);
        assertThat(daemon.answers).noneMatch(answer -> answer.toString().contains(SECRET));
        assertThat(daemon.answers.get(2).getDigests().getDigestsList())
                .hasSize(4)
                .allMatch(ByteString::isEmpty);
        assertThat(daemon.answers.subList(3, 5))
                .extracting(answer -> answer.getDockerfile().toStringUtf8())
                .containsOnly("FROM scratch\n");
    }

    private static OutputEntry entry(Type type, Object path, Object link) {
        return OutputEntry.newBuilder()
                .setType(type)
                .setPath(ByteString.copyFromUtf8(path.toString()))
                .setMode(0644)
                .setSize(4)
                .setLink(ByteString.copyFromUtf8(link.toString()))
                .build();
    }

    private static BuildEvent sends(OutputEntry... entries) {
        OutputPieces.Builder pieces = OutputPieces.newBuilder();
        for (OutputEntry entry : entries) {
            pieces.addPieces(OutputPiece.newBuilder().setEntry(entry));
            if (entry.getType() == Type.TYPE_FILE) {
                pieces.addPieces(OutputPiece.newBuilder().setData(ByteString.copyFromUtf8("evil")));
            }
        }
        return BuildEvent.newBuilder().setOutputs(pieces).build();
    }

    private void assertNothingIsWrittenOutside() throws IOException {
        assertThat(outside.resolve("secret")).hasContent(SECRET);
        try (var files = Files.list(outside)) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside/new", "a/../../outside/new", "/outside/new", "../outside/secret"})
    void filesOutsideOfTheOutputAreRefused(String path) throws IOException {
        daemon.script.add(sends(entry(Type.TYPE_FILE, path, "")));

        assertThat(build("-o", out.toString()).exitCode()).isEqualTo(1);

        assertNothingIsWrittenOutside();
    }

    @Test
    void linksThatTheDaemonMakesAreNotFollowed() throws IOException {
        daemon.script.add(sends(entry(Type.TYPE_SYMLINK, "link", outside), entry(Type.TYPE_FILE, "link/secret", "")));
        // The link makes room for a folder.
        build("-o", out.toString());

        assertNothingIsWrittenOutside();
    }

    @Test
    void hardLinksToFilesOutsideAreRefused() throws IOException {
        Files.createSymbolicLink(out.resolve("away"), outside);
        daemon.script.add(sends(entry(Type.TYPE_HARD_LINK, "mine", "away/secret")));

        assertThat(build("-o", out.toString()).exitCode()).isEqualTo(1);

        assertThat(out.resolve("mine")).doesNotExist();
        assertNothingIsWrittenOutside();
    }

    @Test
    void manifestsOfWhatWasNotAskedForAreRefused() throws IOException {
        BuildEvent manifest = BuildEvent.newBuilder()
                .setManifest(OutputManifest.newBuilder().setOutput(3).setLast(true))
                .build();
        daemon.script.add(manifest);

        InProcess.Result result = build("-o", out.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("not asked for");
    }

    @Test
    void manifestsTellNothingOfFilesOutside() throws IOException {
        Files.createSymbolicLink(out.resolve("away"), outside);
        Files.writeString(out.resolve("same"), "1234");
        OutputManifest.Builder manifest = OutputManifest.newBuilder()
                .addEntries(entry(Type.TYPE_FILE, "away/secret", ""))
                .setLast(true);
        daemon.script.add(BuildEvent.newBuilder().setManifest(manifest).build());

        assertThat(build("-o", out.toString()).exitCode()).isZero();

        assertThat(daemon.built.get().getOutputs(0).getCompare()).isTrue();
        assertThat(daemon.answers)
                .extracting(BuildRequest::getWanted)
                .extracting(wanted -> wanted.getEntries().byteAt(0))
                .containsExactly((byte) 1);
    }
}
