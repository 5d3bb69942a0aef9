package dev.wherry.cli.command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as Go's {@code time.ParseDuration} does, since docker's flags take those: {@code 1h30m}, {@code 1.5h},
 * {@code -500ms}. Days, such as {@code 7d}, are an addition.
 */
final class DurationParser {
    /** Longer texts are no durations that a person would write. */
    private static final int LONGEST_TEXT = 200;

    private static final Pattern AMOUNT =
            Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d)");

    private static final Map<String, BigDecimal> NANOS = Map.of(
            "ns", BigDecimal.ONE,
            "us", BigDecimal.valueOf(1_000),
            // Go takes the micro sign and the Greek letter.
            "\u00b5s", BigDecimal.valueOf(1_000),
            "\u03bcs", BigDecimal.valueOf(1_000),
            "ms", BigDecimal.valueOf(1_000_000),
            "s", BigDecimal.valueOf(1_000_000_000),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L),
            "d", BigDecimal.valueOf(86_400_000_000_000L));

    private DurationParser() {}

    /** The duration in nanoseconds; empty if the text is no duration, or one longer than 292 years. */
    static OptionalLong nanos(String text) {
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        if (amounts.equals("0")) {
            return OptionalLong.of(0);
        }
        if (amounts.isEmpty() || amounts.length() > LONGEST_TEXT) {
            return OptionalLong.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher amount = AMOUNT.matcher(amounts);
        for (int at = 0; at < amounts.length(); at = amount.end()) {
            if (!amount.find(at) || amount.start() != at) {
                return OptionalLong.empty();
            }
            BigDecimal part = new BigDecimal(amount.group(1)).multiply(NANOS.get(amount.group(2)));
            nanos = nanos.add(part.setScale(0, RoundingMode.DOWN));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(negative ? -nanos.longValue() : nanos.longValue());
    }
}
