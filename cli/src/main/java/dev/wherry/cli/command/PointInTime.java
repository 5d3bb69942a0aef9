package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.OptionalLong;

/** Points in time as flags give them. */
public final class PointInTime {
    private PointInTime() {}

    /**
     * A time as Unix nanoseconds. The text is a date, a date with a time, Unix seconds, or a duration before {@code now};
     * 0 for an empty text.
     *
     * @throws Failure when the text is none of these
     */
    public static long nanos(String option, String text, Instant now) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            OptionalLong ago = text.equals("0") ? OptionalLong.empty() : DurationParser.nanos(text);
            if (ago.isPresent()) {
                return nanos(now.minusNanos(ago.getAsLong()));
            }
            if (text.matches("[0-9]{1,11}(\\.[0-9]{1,9})?")) {
                return new BigDecimal(text).movePointRight(9).longValueExact();
            }
            return nanos(instant(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw Failure.of(
                    option + " " + text
                            + ": give a timestamp such as 2026-01-02T13:00:00Z, or a relative time such as 10m",
                    e);
        }
    }

    private static Instant instant(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        boolean zoned = text.matches(".*(Z|[+-][0-9:]{5})");
        return zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
