package dev.wherry.daemon.api.docker.image;

import java.util.Locale;

/** How far something is, drawn for clients that show it as it comes. */
final class ProgressBar {

    private static final int WIDTH = 50;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private ProgressBar() {}

    static String of(long current, long total) {
        int done = (int) Math.min(WIDTH, current * WIDTH / Math.max(1, total));
        String bar = "=".repeat(done) + (done < WIDTH ? ">" : "") + " ".repeat(Math.max(0, WIDTH - done - 1));
        return "[" + bar + "]  " + size(current) + "/" + size(total);
    }

    /** Four digits and a unit of a thousand. */
    static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1000 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        String number = String.format(Locale.ROOT, "%.4g", amount);
        return (number.contains(".") ? number.replaceFirst("\\.?0+$", "") : number) + UNITS[unit];
    }
}
