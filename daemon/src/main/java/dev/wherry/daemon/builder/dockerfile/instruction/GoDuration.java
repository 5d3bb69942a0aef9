package dev.wherry.daemon.builder.dockerfile.instruction;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, since Docker and its image config do: {@code 1m30s}, {@code 500ms}, {@code 1.5h}. */
public final class GoDuration {

    private static final Pattern TERM =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|μs|ms|s|m|h)");
    private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000);
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "ns", BigDecimal.ONE,
            "us", BigDecimal.valueOf(1000),
            "µs", BigDecimal.valueOf(1000),
            "μs", BigDecimal.valueOf(1000),
            "ms", BigDecimal.valueOf(1_000_000),
            "s", SECOND,
            "m", SECOND.multiply(BigDecimal.valueOf(60)),
            "h", SECOND.multiply(BigDecimal.valueOf(3600)));
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** The duration, or nothing when the text is none or is longer than 292 years. */
    public static Optional<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String terms = negative || text.startsWith("+") ? text.substring(1) : text;
        if (terms.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (terms.isEmpty() || terms.length() > 200) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        Matcher term = TERM.matcher(terms);
        while (at < terms.length()) {
            if (!term.find(at) || term.start() != at) {
                return Optional.empty();
            }
            BigDecimal number =
                    new BigDecimal("0" + term.group(1) + (term.group(1).endsWith(".") ? "0" : ""));
            nanos = nanos.add(number.multiply(UNITS.get(term.group(2))).setScale(0, RoundingMode.DOWN));
            at = term.end();
        }
        if (nanos.compareTo(LONGEST) > 0) {
            return Optional.empty();
        }
        Duration duration = Duration.ofNanos(nanos.longValueExact());
        return Optional.of(negative ? duration.negated() : duration);
    }

    /** As Go shows a duration that is not negative: {@code 1h0m0s}, {@code 1.5s}, {@code 500ms}, {@code 0s}. */
    public static String text(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000_000_000) {
            String unit = nanos < 1000 ? "ns" : nanos < 1_000_000 ? "µs" : "ms";
            return decimal(BigDecimal.valueOf(nanos).divide(UNITS.get(unit))) + unit;
        }
        long minutes = duration.toMinutes();
        BigDecimal seconds =
                BigDecimal.valueOf(duration.minusMinutes(minutes).toNanos()).divide(SECOND);
        String text = decimal(seconds) + "s";
        if (minutes > 0) {
            text = minutes % 60 + "m" + text;
        }
        return minutes >= 60 ? minutes / 60 + "h" + text : text;
    }

    private static String decimal(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
