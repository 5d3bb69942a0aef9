package dev.wherry.daemon.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static Filters filters(String key, String... values) {
        return new Filters(Map.of(key, List.of(values)));
    }

    private static void assertRefused(ThrowingCallable use, String sentence) {
        assertThatThrownBy(use).isInstanceOf(InvalidInputException.class).hasMessage(sentence);
    }

    @Test
    void anyValueOfAKeyMatchesAndAnAbsentKeyMatchesAll() {
        assertThat(filters("colour", "red", "blue").matches("colour", "blue")).isTrue();
        assertThat(filters("colour", "red", "blue").matches("colour", "green")).isFalse();
        assertThat(Filters.NONE.matches("colour", "green")).isTrue();
    }

    @Test
    void allLabelsMustMatchAndNoneOfThoseThatAreExcluded() {
        Map<String, String> labels = Map.of("tier", "front", "team", "a=b");
        assertThat(filters("label", "tier", "team=a=b").matchesLabels(labels)).isTrue();
        assertThat(filters("label", "tier", "other").matchesLabels(labels)).isFalse();
        assertThat(filters("label", "tier=back").matchesLabels(labels)).isFalse();
        assertThat(filters("label!", "other", "tier=back").matchesLabels(labels))
                .isTrue();
        assertThat(filters("label!", "other", "tier").matchesLabels(labels)).isFalse();
    }

    @Test
    void unknownKeysAndValuesAreRefusedWithThoseThatAreKnown() {
        Set<String> known = Set.of("label", "colour");
        assertThatCode(() -> filters("colour", "red").requireKeys(known)).doesNotThrowAnyException();
        assertRefused(() -> filters("shape").requireKeys(known), "invalid filter 'shape': use one of colour, label");
        assertRefused(
                () -> filters("colour", "red", "loud").requireValues("colour", Set.of("red", "blue")),
                "invalid filter 'colour=loud': use one of blue, red");
    }

    @Test
    void flagIsTrueOrFalseButNotBoth() {
        assertThat(filters("dangling", "1", "true").flag("dangling")).contains(true);
        assertThat(filters("dangling", "0").flag("dangling")).contains(false);
        assertThat(Filters.NONE.flag("dangling")).isEmpty();
        assertRefused(
                () -> filters("dangling", "yes").flag("dangling"), "invalid filter 'dangling=yes': use true or false");
        assertRefused(
                () -> filters("dangling", "true", "0").flag("dangling"),
                "invalid filter 'dangling=0': the same filter is given with the opposite value too");
    }

    @ParameterizedTest
    @CsvSource({
        "1h30m,                     2026-03-04T03:36:07Z",
        "1.5h,                      2026-03-04T03:36:07Z",
        "7d,                        2026-02-25T05:06:07Z",
        "500ms,                     2026-03-04T05:06:06.5Z",
        "-10s,                      2026-03-04T05:06:17Z",
        "1970-01-01T01:00:00+00:00, 1970-01-01T01:00:00Z",
        "12.5,                      1970-01-01T00:00:12.5Z",
        "0,                         1970-01-01T00:00:00Z"
    })
    void untilIsATimeOrADurationBeforeNow(String text, Instant time) {
        assertThat(filters("until", text).until(NOW)).contains(time);
    }

    @Test
    void untilIsGivenOnceAndIsATime() {
        assertThat(Filters.NONE.until(NOW)).isEmpty();
        assertRefused(
                () -> filters("until", "1h", "2h").until(NOW),
                "invalid filter 'until=2h': this filter can be given once only");
        for (String text : List.of("yesterday", "", "1h2", "9999999999999h", "2026-13-01")) {
            assertRefused(
                    () -> filters("until", text).until(NOW),
                    "invalid filter 'until=" + text
                            + "': give a timestamp such as 2026-01-02T13:00:00Z, or a relative time such as 10m");
        }
    }
}
