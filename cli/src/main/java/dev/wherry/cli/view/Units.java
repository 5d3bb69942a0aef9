package dev.wherry.cli.view;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;

/** Sizes and times as docker writes them. */
public final class Units {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private static final java.time.format.DateTimeFormatter TIMESTAMP =
            java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z zzz", java.util.Locale.ROOT);

    private Units() {}

    /** Bytes in decimal units with three significant digits: {@code 4.26MB}. */
    public static String size(long bytes) {
        return size(bytes, 3);
    }

    /** Bytes in decimal units with four significant digits, for what moves: {@code 1.049MB}. */
    public static String progressSize(long bytes) {
        return size(bytes, 4);
    }

    /** Bytes in binary units with four significant digits, for memory: {@code 1.5GiB}. */
    public static String memory(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return number(value, 4) + BINARY[unit];
    }

    private static String size(long bytes, int digits) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < SIZES.length - 1) {
            value /= 1000;
            unit++;
        }
        return number(value, digits) + SIZES[unit];
    }

    private static String number(double value, int digits) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** The time since a Unix time in nanoseconds: {@code 2 hours ago}. */
    public static String ago(long nanos, Instant now) {
        return duration(since(nanos, now)) + " ago";
    }

    /** The time from a Unix time in nanoseconds until {@code now}, never negative. */
    public static Duration since(long nanos, Instant now) {
        Duration duration = Duration.between(instant(nanos), now);
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** A Unix time in nanoseconds as an instant. */
    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** A Unix time in nanoseconds with its zone, as docker writes it: {@code 2024-05-01 10:00:00 +0000 UTC}. */
    public static String timestamp(long nanos) {
        return TIMESTAMP.format(instant(nanos).atZone(java.time.ZoneId.systemDefault()));
    }

    /** A Unix time in nanoseconds to the second, by RFC 3339 in the local zone: {@code 2024-05-01T10:00:00Z}. */
    public static String rfc3339(long nanos) {
        return java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant(nanos)
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .atZone(java.time.ZoneId.systemDefault()));
    }

    /** A duration in words, rounded the way docker does: {@code About a minute}. */
    public static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        long minutes = duration.toMinutes();
        long hours = Math.round(duration.toMillis() / 3_600_000.0);
        if (seconds < 1) {
            return "Less than a second";
        } else if (seconds == 1) {
            return "1 second";
        } else if (seconds < 60) {
            return seconds + " seconds";
        } else if (minutes == 1) {
            return "About a minute";
        } else if (minutes < 60) {
            return minutes + " minutes";
        } else if (hours == 1) {
            return "About an hour";
        } else if (hours < 48) {
            return hours + " hours";
        } else if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        } else if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        } else if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return duration.toHours() / 24 / 365 + " years";
    }

    /** Seconds with one decimal, for steps: {@code 0.5s}. */
    public static String seconds(long nanos) {
        return String.format(java.util.Locale.ROOT, "%.1fs", nanos / 1e9);
    }
}
