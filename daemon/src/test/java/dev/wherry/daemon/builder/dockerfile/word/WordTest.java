package dev.wherry.daemon.builder.dockerfile.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordTest {

    private static final Position HERE = new Position("Dockerfile", 7, 5, 7);
    private static final Scope SCOPE = Scope.of(Map.of(
            "PWD", "/home", "SHELL", "bash", "NULL", "", "KOREAN", "한국어", "F", "a/b/c.tar.gz", "Q", "x*y", "S", "1 2"));

    static List<String> cases() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/substitution/cases")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void expandsAsTheTableSays(String line) {
        int arrow = line.indexOf(" =>");
        String word = line.substring(0, arrow);
        String expected = line.substring(Math.min(arrow + 4, line.length()));
        if (expected.equals("error")) {
            assertThatExceptionOfType(DockerfileException.class).isThrownBy(() -> expand(word));
        } else {
            assertThat(expand(word)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '!', textBlock = """
            ${F#a}            , /b/c.tar.gz
            ${F#*/}           , b/c.tar.gz
            ${F##*/}          , c.tar.gz
            ${F%.*}           , a/b/c.tar
            ${F%%.*}          , a/b/c
            ${F%/*}           , a/b
            ${F%%x}           , a/b/c.tar.gz
            ${F#?/}           , b/c.tar.gz
            ${F/b/X}          , a/X/c.tar.gz
            ${F/\\//-}        , a-b/c.tar.gz
            ${F//\\//-}       , a-b-c.tar.gz
            ${F//[ab]/X}      , a/b/c.tar.gz
            ${F/.*/}          , a/b/c
            ${F//./}          , a/b/ctargz
            ${Q#x\\*}         , y
            ${Q//\\*/\\$}     , x\\$y
            ${F/$NULL/z}      , za/b/c.tar.gz
            ${XXX#a}          , !!
            ${KOREAN%?}       , 한국
            """)
    void patternsCutAndReplace(String word, String expected) {
        assertThat(expand(word)).isEqualTo(expected);
    }

    @Test
    void theEscapeCharacterIsTheFiles() {
        assertThat(new Word("c:\\x`$PWD", '`', HERE).expand(SCOPE)).isEqualTo("c:\\x$PWD");
    }

    @Test
    void wordsAreSplitAfterSubstitutionUnlessQuoted() {
        assertThat(words("$S 3")).containsExactly("1", "2", "3");
        assertThat(words("\"$S\" 3")).containsExactly("1 2", "3");
        assertThat(words("a\\ b c")).containsExactly("a b", "c");
        assertThat(words("$NULL")).isEmpty();
    }

    @Test
    void failuresAreReportedWhereTheWordStands() {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> expand("x${V:?give V}"))
                .withMessage("Dockerfile:7:5: V: give V")
                .satisfies(e -> assertThat(e.column()).isEqualTo(5))
                .satisfies(e -> assertThat(e.offendingText()).isEqualTo("x${V:?give V}"));
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Word("${X?$M}", '\\', HERE).expand(Scope.of(Map.of("M", "a\nb"))))
                .withMessage("Dockerfile:7:5: X: a\\nb");
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> expand("${PWD#\\a}"))
                .withMessageContaining("invalid pattern \"\\a\"");
    }

    @Test
    void resultsAreBoundedInSize() {
        Scope large = Scope.of(Map.of("V", "v".repeat(Expansion.MAX_LENGTH)));
        assertThat(new Word("$V", '\\', HERE).expand(large)).hasSize(Expansion.MAX_LENGTH);
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Word("$V$V", '\\', HERE).expand(large))
                .withMessageContaining("longer than 131072 characters");
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Word("\"$V$V\"", '\\', HERE).expand(large))
                .withMessageContaining("longer than 131072 characters");
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Word("${V//v/vv}", '\\', HERE).expand(large))
                .withMessageContaining("longer than 131072 characters");
    }

    @Test
    void patternsOverLargeValuesAreBoundedInWork() {
        Scope large = Scope.of(Map.of("V", "v".repeat(100_000)));
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Word("${V##*}".repeat(1000), '\\', HERE).expand(large))
                .withMessageContaining("too much work");
    }

    @Test
    void valuesThatAreReadAndDroppedAreBoundedInWork() {
        Scope large = Scope.of(Map.of("V", "v".repeat(100_000), "S", ""));
        for (String form : List.of("${S-$V}", "${V#$V?}", "${S/$V/}")) {
            assertThatExceptionOfType(DockerfileException.class)
                    .as(form)
                    .isThrownBy(() -> new Word(form.repeat(5000), '\\', HERE).expand(large))
                    .withMessageMatching(".*(too much work|longer than).*");
        }
    }

    @Test
    void nestingIsBounded() {
        String deep = "${X:-".repeat(20_000) + "}".repeat(20_000);
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> expand(deep))
                .withMessageContaining("nested more than 64 deep");
    }

    private static String expand(String word) {
        return new Word(word, '\\', HERE).expand(SCOPE);
    }

    private static List<String> words(String word) {
        return new Word(word, '\\', HERE).expandToWords(SCOPE);
    }
}
