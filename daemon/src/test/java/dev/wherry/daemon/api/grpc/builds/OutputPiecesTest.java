package dev.wherry.daemon.api.grpc.builds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.snapshot.layer.TreeWriter;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildOutput;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.OutputManifest;
import dev.wherry.v1.OutputPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPiecesTest {

    @TempDir
    private Path root;

    private final List<OutputManifest> manifest = new ArrayList<>();
    private final List<BuildEvent> sent = new ArrayList<>();
    private final BitSet wanted = new BitSet();

    private final OutputManifests.Question client = new OutputManifests.Question() {
        @Override
        public void tell(OutputManifest part) {
            manifest.add(part);
        }

        @Override
        public BitSet wanted() {
            return wanted;
        }
    };

    @BeforeEach
    void makeResult() throws IOException {
        Files.createDirectory(root.resolve("d"));
        Files.writeString(root.resolve("d/f"), "first");
        Files.writeString(root.resolve("d/g"), "second");
        Files.createSymbolicLink(root.resolve("d/l"), Path.of("f"));
    }

    private OutputPieces pieces(boolean compare) {
        BuildOutput output = BuildOutput.newBuilder()
                .setType(BuildOutput.Type.TYPE_LOCAL)
                .setCompare(compare)
                .build();
        return new OutputPieces(BuildOptions.newBuilder().addOutputs(output).build(), sent::add, client);
    }

    private List<String> names() {
        return sent.stream()
                .flatMap(event -> event.getOutputs().getPiecesList().stream())
                .filter(OutputPiece::hasEntry)
                .map(piece -> piece.getEntry().getPath().toStringUtf8())
                .toList();
    }

    @Test
    void onlyWhatTheClientWantsIsSent() {
        OutputPieces pieces = pieces(true);
        wanted.set(0);
        wanted.set(2);

        TreeWriter.write(root, OptionalLong.empty(), pieces.manifest(0).orElseThrow());
        TreeWriter.write(root, OptionalLong.empty(), pieces.files(0));

        List<OutputEntry> entries = manifest.getLast().getEntriesList();
        assertThat(entries)
                .extracting(entry -> entry.getPath().toStringUtf8())
                .containsExactly("d/", "d/f", "d/g", "d/l");
        assertThat(entries)
                .extracting(entry -> entry.getDigest().isEmpty()
                        ? ""
                        : Digest.ofSha256(entry.getDigest().toByteArray()).toString())
                .containsExactly(
                        "",
                        Digest.sha256("first").toString(),
                        Digest.sha256("second").toString(),
                        "");
        assertThat(manifest.getLast().getLast()).isTrue();
        assertThat(names()).containsExactly("d/", "d/g");
        assertThat(sent.toString()).contains("second").doesNotContain("first");
        assertThat(sent.getLast().getOutputs().getPiecesList().getLast().getLast())
                .isTrue();
    }

    @Test
    void allIsSentToAFolderThatIsEmpty() {
        OutputPieces pieces = pieces(false);

        assertThat(pieces.manifest(0)).isEmpty();
        TreeWriter.write(root, OptionalLong.empty(), pieces.files(0));

        assertThat(names()).containsExactly("d/", "d/f", "d/g", "d/l");
    }
}
