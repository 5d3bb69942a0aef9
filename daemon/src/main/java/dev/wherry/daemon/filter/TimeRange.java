package dev.wherry.daemon.filter;

import java.time.Instant;
import java.util.Optional;

/**
 * The times between two, neither of which is among them.
 *
 * @param after empty for a range without a beginning
 * @param before empty for a range without an end
 */
public record TimeRange(Optional<Instant> after, Optional<Instant> before) {

    /** A range without a beginning. */
    public static TimeRange until(Optional<Instant> before) {
        return new TimeRange(Optional.empty(), before);
    }

    public boolean contains(Instant time) {
        return after.filter(begin -> !time.isAfter(begin)).isEmpty()
                && before.filter(end -> !time.isBefore(end)).isEmpty();
    }
}
