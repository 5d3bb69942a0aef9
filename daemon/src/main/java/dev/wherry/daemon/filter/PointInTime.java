package dev.wherry.daemon.filter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as docker's filters take them. */
public final class PointInTime {

    private static final int LONGEST_TEXT = 200;
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}(\\.[0-9]{1,9})?");
    private static final Pattern ZONED = Pattern.compile(".*(Z|[+-][0-9:]{5})");

    /** As Go writes durations; days are an addition. */
    private static final Pattern AMOUNT = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d)");

    private static final Map<String, Duration> UNITS = Map.of(
            "ns", Duration.ofNanos(1),
            "us", Duration.ofNanos(1000),
            "µs", Duration.ofNanos(1000),
            "μs", Duration.ofNanos(1000),
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private PointInTime() {}

    /**
     * The time that a text names: a date, a date with a time, Unix seconds, or a duration before {@code now}. A date
     * without a zone is one of the daemon's zone.
     */
    static Optional<Instant> parse(String text, Instant now) {
        try {
            if (SECONDS.matcher(text).matches()) {
                BigDecimal nanos = new BigDecimal(text).movePointRight(9);
                return Optional.of(Instant.ofEpochSecond(0, nanos.longValueExact()));
            }
            Optional<Duration> ago = duration(text);
            return ago.isPresent() ? ago.map(now::minus) : Optional.of(instant(text));
        } catch (DateTimeException | ArithmeticException noTime) {
            return Optional.empty();
        }
    }

    private static Instant instant(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        return ZONED.matcher(text).matches()
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }

    /** A duration such as {@code 24h} or {@code 1h30m}; empty if the text is none, or one longer than 292 years. */
    public static Optional<Duration> duration(String text) {
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        if (amounts.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (amounts.isEmpty() || amounts.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher amount = AMOUNT.matcher(amounts);
        for (int at = 0; at < amounts.length(); at = amount.end()) {
            if (!amount.find(at) || amount.start() != at) {
                return Optional.empty();
            }
            BigDecimal unit = BigDecimal.valueOf(UNITS.get(amount.group(2)).toNanos());
            nanos = nanos.add(new BigDecimal(amount.group(1)).multiply(unit).setScale(0, RoundingMode.DOWN));
        }
        if (nanos.compareTo(LONGEST) > 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
    }
}
