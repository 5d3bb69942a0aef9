package dev.wherry.daemon.builder.dockerfile.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildcardTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            abc          , abc            , true
            *            , abc            , true
            *c           , abc            , true
            a*           , abc            , true
            a*           , ab/c           , false
            a*/b         , abc/b          , true
            a*/b         , a/c/b          , false
            a*b*c*d*e*/f , axbxcxdxe/f    , true
            a*b*c*d*e*/f , axbxcxdxexxx/fff , false
            a*b?c*x      , abxbbxdbxebxczzx , true
            ab[c]        , abc            , true
            ab[b-d]      , abc            , true
            ab[e-g]      , abc            , false
            ab[^c]       , abc            , false
            ab[^e-g]     , abc            , true
            a\\*b        , a*b            , true
            a\\*b        , ab             , false
            a?b          , a☺b            , true
            a[^a]b       , a☺b            , true
            a???b        , a☺b            , false
            a[^a][^a][^a]b , a☺b          , false
            [a-ζ]*       , α              , true
            *[a-ζ]       , A              , false
            a?b          , a/b            , false
            a*b          , a/b            , false
            [\\]a]       , ]              , true
            [\\-]        , -              , true
            [x\\-]       , z              , false
            *x           , xxx            , true
            **           , a/b            , false
            """)
    void matchesLikeFilepathMatch(String pattern, String path, boolean matches) {
        assertThat(Wildcard.matches(pattern, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]a]", "[-]", "[x-]", "[-x]", "a[", "[a-b-c]", "[", "[^", "[^bc", "a\\", "[a-]"})
    void refusesMalformedPatterns(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> Wildcard.parse(pattern));
    }

    @Test
    void aPatternHasAnUnescapedWildcard() {
        assertThat(Wildcard.isPattern("a/*.txt")).isTrue();
        assertThat(Wildcard.isPattern("a?")).isTrue();
        assertThat(Wildcard.isPattern("[a]")).isTrue();
        assertThat(Wildcard.isPattern("a\\*")).isFalse();
        assertThat(Wildcard.isPattern("a/b.txt")).isFalse();
    }

    @Test
    void aWalkMayLeaveOutWhatCannotMatch() {
        Wildcard pattern = Wildcard.parse("src/*/test?.js");
        assertThat(pattern.canMatchBelow("src")).isTrue();
        assertThat(pattern.canMatchBelow("src/a")).isTrue();
        assertThat(pattern.canMatchBelow("lib")).isFalse();
        assertThat(pattern.canMatchBelow("src/a/b")).isFalse();
    }
}
