package dev.wherry.cli.client.builds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
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
        assertThat(sent).allMatch(request -> request.getEntries().getEntriesCount() <= 500);
    }

    @Test
    void namesThatAreNotTextKeepTheirBytes() throws Exception {
        Process touch = new ProcessBuilder("sh", "-c", "printf odd > \"$(printf 'b\\377d')\"")
                .directory(root.toFile())
                .start();
        assertThat(touch.waitFor()).isZero();
        ByteString name = ByteString.copyFrom(new byte[] {'b', (byte) 0xff, 'd'});
        ContextSender sender = new ContextSender(root, null, sent::add);

        sender.answer(listing());
        assertThat(sent.getLast().getEntries().getEntries(0).getPath()).isEqualTo(name);
        sent.clear();
        sender.answer(read(name));

        assertThat(sent.getFirst().getChunk().getData().toStringUtf8()).isEqualTo("odd");
    }

    @Test
    void filesComeInChunksAndTheLastOneIsMarked() throws Exception {
        byte[] content = new byte[75_000];
        Arrays.fill(content, (byte) 7);
        Files.write(root.resolve("big"), content);
        Files.createFile(root.resolve("empty"));

        new ContextSender(root, null, sent::add)
                .answer(ContextRequest.newBuilder()
                        .setRead(ReadFiles.newBuilder()
                                .addPaths(ByteString.copyFromUtf8("big"))
                                .addPaths(ByteString.copyFromUtf8("empty")))
                        .build());

        List<FileChunk> chunks = sent.stream().map(BuildRequest::getChunk).toList();
        assertThat(chunks).extracting(chunk -> chunk.getData().size()).containsExactly(61440, 13560, 0);
        assertThat(chunks).extracting(FileChunk::getLast).containsExactly(false, true, true);
        assertThat(chunks).extracting(FileChunk::getError).containsOnly("");
    }

    @Test
    void nothingOutsideOfTheContextIsRead() throws Exception {
        Files.writeString(folder.resolve("secret"), "outside");
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("link"), Path.of("../secret"));
        ContextSender sender = new ContextSender(root, null, sent::add);

        for (String path : List.of("../secret", "/etc/passwd", "up/secret", "link", "missing")) {
            sender.answer(read(ByteString.copyFromUtf8(path)));
        }

        assertThat(sent).hasSize(5).allSatisfy(request -> {
            assertThat(request.getChunk().getError()).isNotEmpty();
            assertThat(request.getChunk().getData().isEmpty()).isTrue();
            assertThat(request.getChunk().getLast()).isTrue();
        });
    }

    private Map<String, ContextEntry> list() throws Exception {
        ContextSender sender = new ContextSender(root, null, sent::add);
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
