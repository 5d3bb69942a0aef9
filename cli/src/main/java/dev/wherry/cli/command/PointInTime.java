package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as options give them. */
public final class PointInTime {
    private static final Pattern DURATION = Pattern.compile("(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?");

    private PointInTime() {}

    /**
     * A time as Unix nanoseconds: a date, a date with time, Unix seconds, or how long ago; 0 for an empty text.
     *
     * @throws Failure when the text is none of these
     */
    public static long nanos(String option, String text, Instant now) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Matcher ago = DURATION.matcher(text);
            if (ago.matches()) {
                Duration duration = Duration.ofHours(number(ago.group(1)))
                        .plusMinutes(number(ago.group(2)))
                        .plusSeconds(number(ago.group(3)));
                return nanos(now.minus(duration));
            }
            if (text.matches("[0-9]{1,11}(\\.[0-9]{1,9})?")) {
                return new BigDecimal(text).movePointRight(9).longValueExact();
            }
            return nanos(instant(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw Failure.of(
                    option + " " + text + ": give a time such as 2026-01-02T13:00:00Z, or how long ago: 10m", e);
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

    private static long number(String digits) {
        return digits == null ? 0 : digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }
}
