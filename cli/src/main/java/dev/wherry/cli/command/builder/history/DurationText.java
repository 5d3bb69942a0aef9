package dev.wherry.cli.command.builder.history;

import java.util.Locale;

/** How long builds and steps took: {@code 12ms}, {@code 3.4s}, {@code 2m 05s}. */
final class DurationText {
    private DurationText() {}

    static String of(long nanos) {
        double seconds = nanos / 1e9;
        if (seconds < 0.9995) {
            return Math.round(seconds * 1000) + "ms";
        } else if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? "%dm %02ds".formatted(whole / 60, whole % 60)
                : "%dh %02dm".formatted(whole / 3600, whole / 60 % 60);
    }
}
