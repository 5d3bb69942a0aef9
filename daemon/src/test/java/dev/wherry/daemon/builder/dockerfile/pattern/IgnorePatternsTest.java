package dev.wherry.daemon.builder.dockerfile.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnorePatternsTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            **                , file             , true
            **                , dir/file         , true
            **/               , dir/file         , true
            **/**             , dir/file         , true
            dir/**            , dir/file         , true
            dir/**            , dir              , false
            **/dir            , dir/file         , true
            **/dir            , a/b/dir/file     , true
            **/file           , file             , true
            **/file           , dirfile          , false
            **file            , dir/myfile       , true
            **/file*txt       , dir/file.txt     , true
            **/**/*.txt       , a/b/file.txt     , true
            **/*.txt          , a/b/file.txtx    , false
            a/**/b            , a/b              , true
            a/**/b            , a/x/y/b          , true
            a**b              , axb              , false
            a/*/b             , a/x/y/b          , false
            a*.txt            , afile.txt        , true
            a*.txt            , a/file.txt       , false
            *                 , a/b              , true
            ?                 , ab               , false
            a[b-d]e           , ace              , true
            a[^b-d]e          , ace              , false
            a[!b]e            , a!e              , true
            a\\*b             , a*b              , true
            a\\*b             , axb              , false
            dir               , dir/a/b          , true
            dir               , directory        , false
            dir/              , dir              , true
            /dir/a            , dir/a            , true
            ./dir//a/../b     , dir/b            , true
            ../dir            , dir              , false
            .                 , dir              , false
            /                 , dir              , false
            a.b               , axb              , false
            (a)+$             , (a)+$            , true
            문서/?.txt         , 문서/가.txt       , true
            """)
    void aPatternIgnoresAPath(String pattern, String path, boolean ignored) {
        assertThat(patterns(pattern).ignores(path)).isEqualTo(ignored);
    }

    @Test
    void theLastMatchingPatternDecides() {
        IgnorePatterns patterns = patterns("*.md", "!README*.md", "README-secret.md");
        assertThat(patterns.ignores("notes.md")).isTrue();
        assertThat(patterns.ignores("README.md")).isFalse();
        assertThat(patterns.ignores("README-secret.md")).isTrue();
        assertThat(patterns("*.md", "README-secret.md", "!README*.md").ignores("README-secret.md"))
                .isFalse();
    }

    @Test
    void aFileOfAnIgnoredDirectoryCanBeIncludedAgain() {
        IgnorePatterns patterns = patterns("node_modules", "!node_modules/keep/*.js");
        assertThat(patterns.ignores("node_modules")).isTrue();
        assertThat(patterns.ignores("node_modules/keep/a.js")).isFalse();
        assertThat(patterns.ignores("node_modules/drop/a.js")).isTrue();
    }

    @Test
    void commentsBlankLinesSpacesAndByteOrderMarkDoNotCount() {
        IgnorePatterns patterns = patterns("\uFEFF# comment", "", "   ", "  a  ", "! b", "b\r", "\t#c");
        assertThat(patterns.ignores("a")).isTrue();
        assertThat(patterns.ignores("b")).isTrue();
        assertThat(patterns.ignores("#c")).isTrue();
        assertThat(patterns.ignores("# comment")).isFalse();
        assertThat(patterns("\uFEFFa").ignores("a")).isTrue();
    }

    @Test
    void anEmptyFileIgnoresNothing() {
        assertThat(patterns("").ignores("a")).isFalse();
        assertThat(IgnorePatterns.none().ignores("a")).isFalse();
        assertThat(IgnorePatterns.none().mayContainIncluded("a")).isTrue();
    }

    @Test
    void aWalkMayLeaveOutWhatNoLaterPatternIncludes() {
        assertThat(patterns("node_modules").mayContainIncluded("node_modules")).isFalse();
        assertThat(patterns("node_modules").mayContainIncluded("src")).isTrue();
        IgnorePatterns some = patterns("*", "!src/**/*.java", "!pom.xml");
        assertThat(some.mayContainIncluded("src")).isTrue();
        assertThat(some.mayContainIncluded("src/main")).isTrue();
        assertThat(some.mayContainIncluded("target")).isFalse();
        assertThat(some.mayContainIncluded("pom.xml")).isTrue();
        assertThat(patterns("!src/a", "src").mayContainIncluded("src")).isFalse();
        assertThat(patterns("*", "!**/*.md").mayContainIncluded("any/where")).isTrue();
        assertThat(patterns("*", "!src").mayContainIncluded("src/main")).isTrue();
        assertThat(patterns("*", "!src").mayContainIncluded("srcs")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            [a         ; .dockerignore:2:1: invalid pattern "[a": it has a [ without its ]
            a[]        ; .dockerignore:2:1: invalid pattern "a[]": it has a misplaced ] between [ and ]
            a\\        ; .dockerignore:2:1: invalid pattern "a\\": it ends in a backslash that escapes nothing
            !          ; .dockerignore:2:1: ! needs a pattern after it
            """)
    void malformedPatternsAreReportedWithTheirLine(String pattern, String message) {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> patterns("ok", pattern))
                .withMessage(message);
    }

    @Test
    void theFileIsBounded() {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> IgnorePatterns.parse("x.dockerignore", new byte[1024 * 1024 + 1]))
                .withMessage("x.dockerignore: the file is larger than 1 MiB");
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> patterns("a\n".repeat(10_001)))
                .withMessageContaining("more than 10000 patterns");
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> patterns("a".repeat(4097)))
                .withMessageContaining("longer than any path");
    }

    private static IgnorePatterns patterns(String... lines) {
        return IgnorePatterns.parse(String.join("\n", lines).getBytes(UTF_8));
    }
}
