package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.PointInTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which entries of the build cache are meant, as BuildKit's {@code --filter} has them.
 *
 * @param filters by what an entry is
 * @param unusedFor how long the entry must not have been used
 */
public record CacheFilter(Filters filters, Duration unusedFor) {

    private static final String ID = "id";
    private static final String PARENTS = "parents";
    private static final String TYPE = "type";
    private static final String DESCRIPTION = "description";
    private static final List<String> TIMES = List.of(Filters.UNTIL, "unused-for");
    private static final List<String> FLAGS = List.of("inuse", "shared", "private", "mutable", "immutable");
    private static final List<String> KEYS = Stream.of(List.of(ID, PARENTS, TYPE, DESCRIPTION), TIMES, FLAGS)
            .flatMap(List::stream)
            .toList();

    /** All entries. */
    public static final CacheFilter ANY = new CacheFilter(Filters.NONE, Duration.ZERO);

    /**
     * Reads what a client gave.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     */
    public static CacheFilter of(Filters filters) {
        filters.requireKeys(KEYS);
        FLAGS.forEach(filters::flag);
        return new CacheFilter(
                filters,
                TIMES.stream()
                        .flatMap(key -> filters.values(key).stream().map(value -> duration(key, value)))
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }

    private static Duration duration(String key, String value) {
        return PointInTime.duration(value)
                .filter(duration -> !duration.isNegative())
                .orElseThrow(() -> Filters.invalid(key, value, "use a duration such as 24h or 7d"));
    }

    public boolean matches(CacheEntry entry, Instant now) {
        return filters.any(ID, entry.id()::startsWith)
                && filters.any(PARENTS, entry.parent().orElse("")::startsWith)
                && filters.matches(TYPE, entry.type().label())
                && filters.any(DESCRIPTION, entry.description()::contains)
                && filters.matches("inuse", entry.inUse())
                && filters.matches("shared", entry.shared())
                && filters.matches("private", !entry.shared())
                && filters.matches("mutable", entry.mutable())
                && filters.matches("immutable", !entry.mutable())
                && (unusedFor.isZero() || !entry.usedAt().isAfter(now.minus(unusedFor)));
    }
}
