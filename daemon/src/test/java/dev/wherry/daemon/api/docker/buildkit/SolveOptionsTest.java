package dev.wherry.daemon.api.docker.buildkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.CacheOptionsEntry;
import dev.wherry.buildkit.control.Exporter;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.buildkit.ops.Op;
import dev.wherry.buildkit.ops.SourceOp;
import dev.wherry.daemon.builder.cache.CacheFilter;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attributes of BuildKit in the daemon's own terms. */
class SolveOptionsTest {

    private static ExporterOptions exports(String type, Map<String, String> attributes) {
        return ExporterOptions.of(SolveRequest.newBuilder()
                .addExporters(Exporter.newBuilder().setType(type).putAllAttrs(attributes))
                .build());
    }

    @Test
    void imagesAreNamedAndPushed() {
        ExporterOptions exports = exports("moby", Map.of("name", "a, docker.io/b/c:2", "push", "true"));
        assertThat(exports.outputs())
                .containsExactly(new Output.Image(List.of(Reference.parse("a:latest"), Reference.parse("b/c:2"))));
        assertThat(exports.pushed()).hasSize(2);
    }

    @Test
    void solveWithoutExportersMakesNothing() {
        assertThat(ExporterOptions.of(SolveRequest.getDefaultInstance()).outputs())
                .containsExactly(new Output.Nothing());
    }

    @Test
    void annotationsOfManifestsCount() {
        assertThat(exports(
                                "image",
                                Map.of(
                                        "annotation.a", "1",
                                        "annotation-manifest[linux/amd64].b.c", "2",
                                        "annotation-index.d", "3"))
                        .annotations())
                .isEqualTo(Map.of("a", "1", "b.c", "2"));
    }

    @Test
    void outputsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> exports("moby", Map.of("push-by-digest", "true")))
                .isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() -> exports("nosuch", Map.of())).hasMessageContaining("no output of the type \"nosuch\"");
        assertThatThrownBy(() -> exports("moby", Map.of("push", "perhaps")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid value for push: \"perhaps\"");
    }

    @Test
    void cachesAreNamedTwiceAndReadOnce() {
        SolveRequest.Builder request = SolveRequest.newBuilder();
        request.getCacheBuilder()
                .addImports(CacheOptionsEntry.newBuilder().setType("registry").putAttrs("ref", "r/c"));
        Attributes options =
                new Attributes(Map.of("cache-imports", "[{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"r/c\"}}]"));
        assertThat(CacheAttributes.sources(request.build(), options, SolveOptionsTest::folder))
                .hasSize(1);
        assertThatThrownBy(() -> CacheAttributes.sources(
                        SolveRequest.getDefaultInstance(),
                        new Attributes(Map.of("cache-imports", "{")),
                        SolveOptionsTest::folder))
                .isInstanceOf(InvalidInputException.class);
    }

    private static CacheSource folder(String folder, String digest) {
        return new CacheSource.Folder(new SharedDirectory(Path.of(folder), 0, 0, 0, false), digest, folder);
    }

    private static CacheSource local(String... attributes) {
        CacheOptionsEntry.Builder entry = CacheOptionsEntry.newBuilder().setType("local");
        for (int i = 0; i < attributes.length; i += 2) {
            entry.putAttrs(attributes[i], attributes[i + 1]);
        }
        SolveRequest.Builder request = SolveRequest.newBuilder();
        request.getCacheBuilder().addImports(entry);
        return CacheAttributes.sources(request.build(), new Attributes(Map.of()), SolveOptionsTest::folder)
                .getFirst();
    }

    @Test
    void cacheInAFolderNeedsToBeNamedWhole() {
        assertThat(local("src", "/c", "digest", "sha256:1")).isEqualTo(folder("/c", "sha256:1"));
        assertThatThrownBy(() -> local("digest", "sha256:1")).hasMessageContaining("src=FOLDER");
        assertThatThrownBy(() -> local("src", "/c")).hasMessageContaining("which manifest");
        SolveRequest.Builder request = SolveRequest.newBuilder();
        request.getCacheBuilder()
                .addExports(CacheOptionsEntry.newBuilder().setType("local").putAttrs("dest", "/c"))
                .addExports(CacheOptionsEntry.newBuilder().setType("inline"));
        assertThat(CacheAttributes.folders(request.build())).containsExactly("/c", "");
        assertThatThrownBy(() -> CacheAttributes.targets(request.build(), Optional.empty()))
                .hasMessageContaining("session");
    }

    @Test
    void definitionStandsForTheResultItWasGivenOutFor() {
        assertThat(SolveResult.place(SolveResult.definition("abc", "1"))).contains(new SolveResult.Place("abc", "1"));
        assertThat(SolveResult.place(Definition.newBuilder()
                        .addDef(Op.newBuilder()
                                .setSource(SourceOp.newBuilder().setIdentifier("docker-image://x"))
                                .build()
                                .toByteString())
                        .build()))
                .isEmpty();
        assertThat(SolveResult.place(Definition.newBuilder()
                        .addDef(ByteString.copyFrom(new byte[] {1, 2, 3}))
                        .build()))
                .isEmpty();
    }

    @Test
    void filtersOfTheCacheHaveBuildKitsForm() {
        assertThat(UsageRecords.filter(List.of(""))).isEqualTo(CacheFilter.ANY);
        assertThat(UsageRecords.filter(List.of("type==regular,private"))
                        .filters()
                        .values())
                .isEqualTo(Map.of("type", List.of("regular"), "private", List.of("true")));
        assertThatThrownBy(() -> UsageRecords.filter(List.of("nosuch==1"))).isInstanceOf(InvalidInputException.class);
    }
}
