package dev.wherry.daemon.api.docker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands behind the question mark, in the forms of several clients. */
class ParametersTest {

    private static Parameters of(String name, String value) {
        return new Parameters(Map.of(name, List.of(value)));
    }

    @Test
    void flagsAreTrueUnlessTheySayFalse() {
        for (String yes : List.of("1", "true", "True", "yes", "2")) {
            assertThat(of("all", yes).flag("all")).as(yes).isTrue();
        }
        for (String no : List.of("0", "false", "False", "no", "none", "")) {
            assertThat(of("all", no).flag("all")).as(no).isFalse();
        }
        assertThat(of("all", "1").flag("other")).isFalse();
        assertThat(of("all", "1").flagOrTrue("other")).isTrue();
        assertThat(of("stream", "0").flagOrTrue("stream")).isFalse();
    }

    @Test
    void timesAreSecondsWithFractionsOrDates() {
        assertThat(of("since", "1700000000").time("since")).contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(of("since", "1700000000.000000001").time("since")).contains(Instant.ofEpochSecond(1_700_000_000, 1));
        assertThat(of("since", "2026-01-02T03:04:05Z").time("since")).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(of("since", "0").time("since")).isEmpty();
        assertThat(of("since", "").time("since")).isEmpty();
        for (String wrong : List.of("yesterday", "1e999999999", "9".repeat(50))) {
            assertThatThrownBy(() -> of("since", wrong).time("since")).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void filtersComeAsListsOrAsSets() {
        Map<String, List<String>> wanted = Map.of("label", List.of("a=b", "c"));
        assertThat(of("filters", "{\"label\":{\"a=b\":true,\"c\":true,\"d\":false}}")
                        .filters()
                        .values())
                .isEqualTo(wanted);
        assertThat(of("filters", "{\"label\":[\"a=b\",\"c\"]}").filters().values())
                .isEqualTo(wanted);
        assertThat(of("filters", "{\"dangling\":[true]}").filters().values("dangling"))
                .containsExactly("true");
        assertThat(of("filters", "").filters().values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "7", "{\"label\":7}"})
    void otherFiltersAreRefused(String text) {
        assertThatThrownBy(() -> of("filters", text).filters())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("invalid filter: ");
    }
}
