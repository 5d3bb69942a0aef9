package dev.wherry.cli.client.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextEntry;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.FileChunk;
import dev.wherry.v1.ListContext;
import dev.wherry.v1.ReadFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextSenderTest {
    private static final int LARGEST_MESSAGE = 256 << 10;

    @TempDir
    private Path folder;

    private Path root;
    private final List<BuildRequest> sent = new ArrayList<>();

    @BeforeEach
    void makeContext() throws IOException {
        root = Files.createDirectory(folder.toRealPath().resolve("context"));
    }

    @Test
    void listsFilesAndLinksWithoutFollowingThem() throws Exception {
        Files.writeString(folder.resolve("secret"), "outside");
        Files.createDirectories(root.resolve("src/deep"));
        Files.writeString(root.resolve("src/deep/main.c"), "int main;");
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("abs"), Path.of("/etc"));

        Map<String, ContextEntry> entries = list();

        assertThat(entries).containsOnlyKeys("src", "src/deep", "src/deep/main.c", "up", "abs");
        assertThat(entries.get("src/deep/main.c").getSize()).isEqualTo(9);
        assertThat(entries.get("src/deep/main.c").getMode() >> 12).isEqualTo(0b1000);
        assertThat(entries.get("up").getLinkTarget().toStringUtf8()).isEqualTo("..");
        assertThat(entries.get("abs").getLinkTarget().toStringUtf8()).isEqualTo("/etc");
        assertThat(entries.get("up").getMode() >> 12).isEqualTo(0b1010);
    }

    @Test
    void manyFilesComeInBatchesThatFitAMessage() throws Exception {
        for (int i = 0; i < 1200; i++) {
            Files.createFile(root.resolve("n".repeat(200) + i));
        }

        assertThat(list()).hasSize(1200);
        assertThat(sent).allMatch(request -> request.getSerializedSize() < LARGEST_MESSAGE);
    }

    @Test
    void namesThatAreNotTextKeepTheirBytes() throws Exception {
        Process touch = new ProcessBuilder("sh", "-c", "printf odd > \"$(printf 'b\\377d')\"")
                .directory(root.toFile())
                .start();
        assertThat(touch.waitFor()).isZero();
        ByteString name = ByteString.copyFrom(new byte[] {'b', (byte) 0xff, 'd'});
        ContextSender sender = new ContextSender(root, null, "", sent::add);

        sender.answer(listing());
        assertThat(sent.getLast().getEntries().getEntries(0).getPath()).isEqualTo(name);
        sent.clear();
        sender.answer(read(name));

        assertThat(chunks().getFirst().getData().toStringUtf8()).isEqualTo("odd");
    }

    @Test
    void filesComeInChunksAndTheLastOneIsMarked() throws Exception {
        byte[] content = new byte[75_000];
        Arrays.fill(content, (byte) 7);
        Files.write(root.resolve("big"), content);
        Files.createFile(root.resolve("empty"));

        new ContextSender(root, null, "", sent::add)
                .answer(ContextRequest.newBuilder()
                        .setRead(ReadFiles.newBuilder()
                                .addPaths(ByteString.copyFromUtf8("big"))
                                .addPaths(ByteString.copyFromUtf8("empty")))
                        .build());

        List<FileChunk> chunks = chunks();
        assertThat(chunks).extracting(chunk -> chunk.getData().size()).containsExactly(61440, 13560, 0);
        assertThat(chunks).extracting(FileChunk::getLast).containsExactly(false, true, true);
        assertThat(chunks).extracting(FileChunk::getError).containsOnly("");
    }

    @Test
    void smallFilesGoOutTogether() throws Exception {
        ReadFiles.Builder files = ReadFiles.newBuilder();
        for (int i = 0; i < 40; i++) {
            Files.write(root.resolve("f" + i), new byte[10_000]);
            files.addPaths(ByteString.copyFromUtf8("f" + i));
        }

        new ContextSender(root, null, "", sent::add)
                .answer(ContextRequest.newBuilder().setRead(files).build());

        assertThat(chunks()).hasSize(40).allMatch(FileChunk::getLast);
        assertThat(sent).hasSize(7).allMatch(request -> request.getSerializedSize() <= 64 << 10);
    }

    @Test
    void digestsComeInTheOrderOfTheQuestion() throws Exception {
        Files.writeString(root.resolve("a"), "abc");
        Files.createSymbolicLink(root.resolve("link"), Path.of("a"));

        new ContextSender(root, null, "", sent::add)
                .answer(ContextRequest.newBuilder()
                        .setDigest(ReadFiles.newBuilder()
                                .addPaths(ByteString.copyFromUtf8("missing"))
                                .addPaths(ByteString.copyFromUtf8("a"))
                                .addPaths(ByteString.copyFromUtf8("link"))
                                .addPaths(ByteString.copyFromUtf8("../context/../secret")))
                        .build());

        assertThat(sent.getFirst().getDigests().getDigestsList())
                .extracting(digest -> HexFormat.of().formatHex(digest.toByteArray()))
                .containsExactly("", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "", "");
    }

    @Test
    void nothingOutsideOfTheContextIsRead() throws Exception {
        Files.writeString(folder.resolve("secret"), "outside");
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("link"), Path.of("../secret"));
        ContextSender sender = new ContextSender(root, null, "", sent::add);

        List<String> paths = List.of(
                "../secret",
                "/etc/passwd",
                "up/secret",
                "link",
                "missing",
                "",
                ".",
                "..",
                "up",
                "up/../../secret",
                "a\0b");
        for (String path : paths) {
            sender.answer(read(ByteString.copyFromUtf8(path)));
        }

        assertThat(chunks()).hasSameSizeAs(paths).allSatisfy(chunk -> {
            assertThat(chunk.getMissing()).isTrue();
            assertThat(chunk.getError()).isNotEmpty();
            assertThat(chunk.getData().isEmpty()).isTrue();
            assertThat(chunk.getLast()).isTrue();
        });
    }

    @Test
    void onlyTheDockerfileThatTheUserNamedIsSent() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "outside");
        Files.writeString(root.resolve("Containerfile"), "FROM scratch");
        ContextSender sender = new ContextSender(root, null, "Containerfile", sent::add);

        for (String path : List.of(secret.toString(), "../secret", "/etc/passwd", "")) {
            sender.answer(ContextRequest.newBuilder().setDockerfile(path).build());
        }

        assertThat(sent)
                .hasSize(4)
                .allMatch(answer -> answer.getDockerfile().toStringUtf8().equals("FROM scratch"));
    }

    @Test
    void aBuildWithoutAContextSendsNothing() throws Exception {
        ContextSender sender = new ContextSender(null, null, "", sent::add);

        sender.answer(listing());
        sender.answer(read(ByteString.copyFromUtf8("/etc/passwd")));
        assertThatThrownBy(() -> sender.answer(
                        ContextRequest.newBuilder().setDockerfile("/etc/passwd").build()))
                .isInstanceOf(Failure.class);

        assertThat(sent.getFirst().getEntries().getEntriesList()).isEmpty();
        assertThat(chunks()).singleElement().matches(FileChunk::getMissing);
    }

    private List<FileChunk> chunks() {
        return sent.stream()
                .flatMap(request -> request.getChunks().getChunksList().stream())
                .toList();
    }

    private Map<String, ContextEntry> list() throws Exception {
        ContextSender sender = new ContextSender(root, null, "", sent::add);
        sender.answer(listing());
        Map<String, ContextEntry> entries = new HashMap<>();
        sent.forEach(request -> request.getEntries()
                .getEntriesList()
                .forEach(entry -> entries.put(entry.getPath().toStringUtf8(), entry)));
        assertThat(sent.getLast().getEntries().getDone()).isTrue();
        return entries;
    }

    private static ContextRequest listing() {
        return ContextRequest.newBuilder()
                .setList(ListContext.getDefaultInstance())
                .build();
    }

    private static ContextRequest read(ByteString path) {
        return ContextRequest.newBuilder()
                .setRead(ReadFiles.newBuilder().addPaths(path))
                .build();
    }
}
