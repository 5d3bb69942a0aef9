package dev.wherry.daemon.builder.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.pattern.Wildcard;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Expansion;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

/** Whatever the input, the language ends in bounded time with a result or a positioned error. */
class HostileInputPropertiesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Position HERE = new Position("f", 1, 1, 1);

    @Property
    void anyBytesAreADockerfileOrAnError(@ForAll byte[] text) {
        parse(text);
    }

    @Property
    void anyTextOfTheLanguageIsADockerfileOrAnError(@ForAll("dockerfiles") String text) {
        byte[] bytes = text.getBytes(UTF_8);
        parse(bytes).ifPresent(file -> {
            int lines = text.split("\n", -1).length;
            for (Stage stage : file.stages()) {
                assertThat(stage.instructions()).allSatisfy(i -> {
                    assertThat(i.position().endLine()).isLessThanOrEqualTo(lines);
                    assertThat(i.source()).doesNotContain("\n").isNotBlank();
                });
            }
        });
    }

    @Property
    void anyWordExpandsOrFails(@ForAll("words") String raw, @ForAll("values") String value) {
        Scope scope = Scope.of(Map.of("A", value, "B", ""));
        endsInTime(() -> new Word(raw, '\\', HERE).expand(scope))
                .ifPresent(text -> assertThat(text.length()).isLessThanOrEqualTo(Expansion.MAX_LENGTH));
        endsInTime(() -> new Word(raw, '`', HERE).expandToWords(scope));
    }

    @Property
    void singleQuotedTextIsLiteral(@ForAll String text) {
        String literal = text.replace("'", "");
        endsInTime(() -> new Word("'" + literal + "'", '\\', HERE).expand(Scope.of(Map.of())))
                .ifPresent(result -> assertThat(result).isEqualTo(literal));
    }

    @Property
    void anIgnoredDirectoryThatIsPrunedHoldsNothingIncluded(
            @ForAll("ignoreFiles") String text, @ForAll("paths") String directory, @ForAll("paths") String below) {
        endsInTime(() -> IgnorePatterns.parse(text.getBytes(UTF_8))).ifPresent(patterns -> {
            if (!patterns.mayContainIncluded(directory)) {
                assertThat(patterns.ignores(directory)).isTrue();
                assertThat(patterns.ignores(directory + "/" + below)).isTrue();
            }
        });
    }

    @Property
    void aWildcardAndAnIgnorePatternAgreeWithoutDoubleStars(
            @ForAll("plainPatterns") String pattern, @ForAll("paths") String path) {
        boolean self = Wildcard.matches(pattern, path);
        boolean ignored = IgnorePatterns.parse(pattern.getBytes(UTF_8)).ignores(path);
        if (self) {
            assertThat(ignored).isTrue();
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                assertThat(Wildcard.parse(pattern).canMatchBelow(path.substring(0, slash)))
                        .isTrue();
            }
        }
    }

    @Example
    void patternsMadeToBacktrackAreLinear() {
        String stars = "*a".repeat(2000) + "b";
        String path = "a".repeat(4000);
        assertThat(endsInTime(() -> Wildcard.matches(stars, path))).contains(false);
        String deep = "**/a/".repeat(800) + "b";
        assertThat(endsInTime(() -> IgnorePatterns.parse(deep.getBytes(UTF_8)).ignores("a/".repeat(2000) + "c")))
                .contains(false);
        Scope scope = Scope.of(Map.of("A", "a".repeat(100_000)));
        assertThat(endsInTime(() -> new Word("${A//" + "*a".repeat(50) + "b/x}", '\\', HERE).expand(scope)))
                .contains("a".repeat(100_000));
    }

    @Example
    void filesAtTheLimitsEndInTime() {
        assertThat(parse(("FROM a\n" + "RUN a \\\n".repeat(120_000)).getBytes(UTF_8)))
                .isPresent();
        assertThat(parse(("FROM a\n" + "RUN x\n".repeat(9_999)).getBytes(UTF_8)))
                .isPresent();
        assertThat(parse(("FROM a\n" + "RUN x\n".repeat(10_000)).getBytes(UTF_8)))
                .isEmpty();
        assertThat(parse(new byte[Dockerfile.MAX_BYTES + 1])).isEmpty();
        assertThat(parse(("FROM a\nCMD " + "[".repeat(60_000)).getBytes(UTF_8))).isPresent();
        assertThat(parse(("FROM a\nRUN " + "<<A ".repeat(16_000) + "\nA\n").getBytes(UTF_8)))
                .isEmpty();
    }

    private static Optional<Dockerfile> parse(byte[] text) {
        return endsInTime(() -> Dockerfile.parse("f", text));
    }

    /** The result, or nothing where a positioned error says why there is none; anything else fails the test. */
    private static <T> Optional<T> endsInTime(Supplier<T> work) {
        return Assertions.assertTimeout(LIMIT, () -> {
            try {
                return Optional.of(work.get());
            } catch (DockerfileException e) {
                assertThat(e.problem()).isNotBlank().doesNotContain("\n");
                assertThat(e.getMessage()).endsWith(e.problem());
                return Optional.empty();
            }
        });
    }

    @Provide
    Arbitrary<String> dockerfiles() {
        Arbitrary<String> piece = Arbitraries.of(
                "FROM ",
                "a ",
                "AS b",
                "\n",
                "\n",
                "RUN ",
                "COPY ",
                "--from=b ",
                "--x ",
                "ENV ",
                "k=v ",
                "\\",
                "\\\n",
                "# c\n",
                "#escape=`\n",
                "`\n",
                "[\"x\"]",
                "[",
                "\"",
                "'",
                "<<E ",
                "<<-'E'\n",
                "E\n",
                "\tE\n",
                "ARG ",
                "LABEL ",
                "EXPOSE 80",
                "CMD ",
                "\r\n",
                "\uFEFF",
                " ",
                "$x",
                "HEALTHCHECK ",
                "USER ",
                "\0",
                "é",
                "--");
        return piece.list().ofMaxSize(40).map(parts -> "FROM a\n" + String.join("", parts));
    }

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> piece = Arbitraries.of(
                "$",
                "{",
                "}",
                "${",
                "${A",
                "$A",
                "$B",
                ":-",
                ":+",
                ":?",
                "-",
                "#",
                "##",
                "%",
                "%%",
                "/",
                "//",
                "*",
                "?",
                "\\",
                "'",
                "\"",
                "`",
                "a",
                " ",
                "é",
                "\uD83D\uDE00",
                "\uD83D");
        return piece.list().ofMaxSize(30).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("a", "/", "*", "\n", "é", "\uD83D\uDE00", " ")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "ab", "é", "a.b")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(names -> String.join("/", names));
    }

    @Provide
    Arbitrary<String> plainPatterns() {
        return Arbitraries.of("a", "b", "?", "*", "[ab]", "[^b]", "/a", "é", "\\a", ".")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts).replaceFirst("^/", "").replace("**", "*"))
                .filter(p -> !p.contains("**") && !p.startsWith(".") && !p.contains("/."));
    }

    @Provide
    Arbitrary<String> ignoreFiles() {
        Arbitrary<String> pattern = Arbitraries.of("a", "b", "?", "*", "**", "**/", "[ab]", "/", "é", ".", "\\", "[")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
        Arbitrary<String> line =
                Combinators.combine(Arbitraries.of("", "!"), pattern).as((mark, text) -> mark + text);
        return line.list().ofMaxSize(5).map((List<String> lines) -> String.join("\n", lines));
    }
}
