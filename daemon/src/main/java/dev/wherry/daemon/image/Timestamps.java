package dev.wherry.daemon.image;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;

/** Moments as configs write them (RFC 3339) and as the database keeps them (nanoseconds since the epoch). */
public final class Timestamps {

    private static final Instant LAST = Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000 - 1);

    private Timestamps() {}

    /** The moment, or the epoch where there is none that fits. */
    public static Instant parse(String text) {
        if (text == null) {
            return Instant.EPOCH;
        }
        try {
            Instant moment = OffsetDateTime.parse(text).toInstant();
            return moment.isBefore(Instant.EPOCH) || moment.isAfter(LAST) ? Instant.EPOCH : moment;
        } catch (DateTimeException malformed) {
            return Instant.EPOCH;
        }
    }

    static long nanos(Instant moment) {
        return TimeUnit.SECONDS.toNanos(moment.getEpochSecond()) + moment.getNano();
    }

    static Instant ofNanos(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
