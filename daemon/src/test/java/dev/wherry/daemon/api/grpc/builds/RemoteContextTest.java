package dev.wherry.daemon.api.grpc.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.CompressedRequest;
import dev.wherry.v1.ContextEntries;
import dev.wherry.v1.ContextEntry;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.FileChunk;
import dev.wherry.v1.FileChunks;
import dev.wherry.v1.FileDigests;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class RemoteContextTest {

    private static final SyncedContexts.Question QUESTION =
            new SyncedContexts.Question(Optional.of("Dockerfile"), List.of("Dockerfile.dockerignore", ".dockerignore"));

    private final List<ContextRequest> asked = new ArrayList<>();
    private final Deque<BuildRequest> answers = new ArrayDeque<>();
    private final RemoteContext context = new RemoteContext(
            "mia",
            Long.MAX_VALUE,
            "",
            () -> Optional.ofNullable(answers.poll()),
            event -> asked.add(event.getContext()));

    private static FileChunk chunk(String path, String data, boolean last) {
        return FileChunk.newBuilder()
                .setPath(ByteString.copyFromUtf8(path))
                .setData(ByteString.copyFromUtf8(data))
                .setLast(last)
                .build();
    }

    private static BuildRequest chunks(FileChunk... chunks) {
        return BuildRequest.newBuilder()
                .setChunks(FileChunks.newBuilder().addAllChunks(List.of(chunks)))
                .build();
    }

    private static FileChunk missing(String path) {
        return chunk(path, "", true).toBuilder()
                .setMissing(true)
                .setError("none")
                .build();
    }

    private static BuildRequest entries(String... paths) {
        ContextEntries.Builder entries = ContextEntries.newBuilder().setDone(true);
        for (String path : paths) {
            entries.addEntries(ContextEntry.newBuilder()
                    .setPath(ByteString.copyFromUtf8(path))
                    .setMode(0100644));
        }
        return BuildRequest.newBuilder().setEntries(entries).build();
    }

    private static BuildRequest compressed(BuildRequest request, int size) {
        byte[] compressed = new byte[1000];
        Deflater deflater = new Deflater();
        deflater.setInput(request.toByteArray());
        deflater.finish();
        return BuildRequest.newBuilder()
                .setCompressed(CompressedRequest.newBuilder()
                        .setData(ByteString.copyFrom(compressed, 0, deflater.deflate(compressed)))
                        .setSize(size))
                .build();
    }

    @Test
    void allThatIsToBeKnownFirstIsAskedAtOnce() throws Exception {
        answers.add(BuildRequest.newBuilder()
                .setDockerfile(ByteString.copyFromUtf8("FROM scratch"))
                .build());
        answers.add(chunks(missing("Dockerfile.dockerignore"), chunk(".dockerignore", "*.o", true)));
        answers.add(entries("f"));
        List<Path> listed = new ArrayList<>();

        SyncedContexts.Overview overview = context.overview(QUESTION, file -> {
            assertThat(asked).hasSize(3);
            listed.add(file.path());
        });

        assertThat(overview.dockerfile())
                .hasValueSatisfying(text -> assertThat(text).asString().isEqualTo("FROM scratch"));
        assertThat(overview.ignoreFile()).hasValueSatisfying(file -> {
            assertThat(file.name()).isEqualTo(".dockerignore");
            assertThat(file.content()).asString().isEqualTo("*.o");
        });
        assertThat(listed).containsExactly(Path.of("f"));
    }

    @Test
    void manyFilesAreAskedForBeforeTheFirstArrives() throws Exception {
        List<Path> files =
                IntStream.range(0, 500).mapToObj(i -> Path.of("f" + i)).toList();
        files.forEach(
                file -> answers.add(chunks(chunk(file.toString(), "1", false), chunk(file.toString(), "2", true))));
        List<Integer> askedBefore = new ArrayList<>();

        context.read(files, (path, data, last) -> askedBefore.add(asked.size()));

        assertThat(askedBefore).hasSize(1000).containsOnly(10);
    }

    @Test
    void compressedAnswersCount() throws Exception {
        BuildRequest answer = chunks(chunk("f", "content", true));
        answers.add(compressed(answer, answer.getSerializedSize()));
        List<String> received = new ArrayList<>();

        context.read(List.of(Path.of("f")), (path, data, last) -> received.add(path + " " + new String(data)));

        assertThat(received).containsExactly("f content");
    }

    @Test
    void anAnswerThatIsLargerThanItSaysIsRefused() {
        BuildRequest answer = chunks(chunk("f", "content", true));
        for (int size : new int[] {0, 1, answer.getSerializedSize() + 1, -1, Integer.MAX_VALUE}) {
            answers.add(compressed(answer, size));
            assertThatThrownBy(() -> context.read(List.of(Path.of("f")), (path, data, last) -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("compressed message");
        }
        answers.add(BuildRequest.newBuilder()
                .setCompressed(CompressedRequest.newBuilder()
                        .setData(ByteString.copyFromUtf8("no zlib"))
                        .setSize(10))
                .build());
        assertThatThrownBy(() -> context.read(List.of(Path.of("f")), (path, data, last) -> {}))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void digestsAreAsManyAsWereAskedFor() throws Exception {
        List<Path> files = List.of(Path.of("a"), Path.of("b"));
        FileDigests.Builder digests = FileDigests.newBuilder().addDigests(ByteString.copyFromUtf8("1"));
        answers.add(BuildRequest.newBuilder().setDigests(digests).build());
        assertThatThrownBy(() -> context.digests(files)).isInstanceOf(InvalidInputException.class);

        digests.addDigests(ByteString.EMPTY);
        answers.add(BuildRequest.newBuilder().setDigests(digests).build());
        assertThat(context.digests(files)).hasSize(2);
    }

    @Test
    void namesThatNoFileCanHaveAreRefused() {
        answers.add(chunks(missing("a"), missing("b")));
        answers.add(entries("a\0b"));

        assertThatThrownBy(() -> context.overview(
                        new SyncedContexts.Question(Optional.empty(), QUESTION.ignoreFiles()), (SyncedFile file) -> {}))
                .isInstanceOf(InvalidInputException.class);
    }
}
