package dev.wherry.daemon.builder.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheFilterTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    /** A layer that an image needs, unused for two hours. */
    private static final CacheEntry ENTRY = new CacheEntry(
            "abc",
            CacheEntry.Type.REGULAR,
            "RUN make",
            Optional.of("def"),
            1,
            NOW,
            NOW.minusSeconds(7200),
            false,
            true,
            0);

    private static CacheFilter filter(String key, String value) {
        return CacheFilter.of(new Filters(Map.of(key, List.of(value))));
    }

    @ParameterizedTest
    @CsvSource({
        "id, ab, true",
        "id, bc, false",
        "parents, de, true",
        "parents, ab, false",
        "type, regular, true",
        "type, source.local, false",
        "description, make, true",
        "description, test, false",
        "inuse, false, true",
        "inuse, true, false",
        "shared, true, true",
        "private, true, false",
        "mutable, true, false",
        "immutable, 1, true",
        "until, 2h, true",
        "until, 3h, false",
        "unused-for, 1h30m, true"
    })
    void entryMatchesByWhatItIs(String key, String value, boolean matches) {
        assertThat(filter(key, value).matches(ENTRY, NOW)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            colour | red       | invalid filter 'colour': use one of description, id, immutable, inuse, mutable, parents, private, shared, type, until, unused-for
            until  | yesterday | invalid filter 'until=yesterday': use a duration such as 24h or 7d
            until  | -1h       | invalid filter 'until=-1h': use a duration such as 24h or 7d
            shared | maybe     | invalid filter 'shared=maybe': use true or false
            """)
    void filtersThatCannotBeAreRefused(String key, String value, String sentence) {
        assertThatThrownBy(() -> filter(key, value))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
    }
}
