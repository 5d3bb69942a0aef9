package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.image.Timestamps;
import java.time.Duration;
import java.time.Instant;

/** Times in records of a cache, which may be nonsense. */
final class RecordTimes {

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private RecordTimes() {}

    /** A time as Go writes it (RFC 3339); 1970 for one that is missing, malformed or out of all bounds. */
    static Instant instant(String text) {
        Instant time = Timestamps.parse(text);
        return time.isAfter(LATEST) ? Instant.EPOCH : time;
    }

    static Duration duration(long nanos) {
        return Duration.ofNanos(Math.clamp(nanos, 0, Duration.ofDays(30).toNanos()));
    }
}
