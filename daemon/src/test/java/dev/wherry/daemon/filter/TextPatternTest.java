package dev.wherry.daemon.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextPatternTest {

    @Test
    void regularExpressionIsFoundAnywhereAndElseStandsForItself() {
        assertThat(TextPattern.regularExpression("name", "^w.b").isFoundIn("web-1"))
                .isTrue();
        assertThat(TextPattern.regularExpression("name", "^eb").isFoundIn("web-1"))
                .isFalse();
        assertThat(TextPattern.regularExpression("name", "a(").isFoundIn("a(b")).isTrue();
    }

    /** As Go's path.Match has it. */
    @ParameterizedTest
    @CsvSource({
        "abc,      abc,    true",
        "a*,       abc,    true",
        "a*,       ab/c,   false",
        "a*/b,     abc/b,  true",
        "a?c,      abc,    true",
        "a?c,      a/c,    false",
        "a[b-d]c,  acc,    true",
        "a[^b-d]c, acc,    false",
        "a[^b]c,   a/c,    false",
        "a.c,      abc,    false",
        "a\\*c,    a*c,    true",
        "a\\*c,    abc,    false",
        "b,        abc,    false"
    })
    void pathMatchesAsAWhole(String pattern, String text, boolean matches) {
        assertThat(TextPattern.path("reference", pattern).isFoundIn(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "a[]", "a[b", "a\\", "[z-a]"})
    void malformedPathIsRefused(String pattern) {
        assertThatThrownBy(() -> TextPattern.path("reference", pattern))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid filter 'reference=" + pattern + "': it is not a pattern");
    }

    @Test
    @Timeout(30)
    void patternThatBacktracksWithoutEndIsRefused() {
        TextPattern pattern = TextPattern.regularExpression("name", "(.*a){20}$");
        assertThatThrownBy(() -> pattern.isFoundIn("a".repeat(100) + "!"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid filter 'name=(.*a){20}$': matching this pattern takes too long");
    }

    @Test
    void longPatternIsRefused() {
        assertThatThrownBy(() -> TextPattern.regularExpression("name", "(".repeat(100_000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid filter 'name': a pattern has at most 1000 characters");
    }
}
