package dev.wherry.daemon.access;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them, such as 500MiB or 4g; units are powers of 1024. */
public final class SizeText {

    private static final Pattern FORM = Pattern.compile("(?i)([0-9]{1,9})([kmgt]?)(i?b)?");
    private static final String UNITS = " kmgt";

    private SizeText() {}

    /** The bytes that a text says; empty when it is malformed. */
    public static OptionalLong parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        int power =
                UNITS.indexOf((parts.group(2) + " ").toLowerCase(Locale.ROOT).charAt(0));
        return OptionalLong.of(Long.parseLong(parts.group(1)) << 10 * power);
    }

    /** For people, with one digit after the point where it is not a whole number of units. */
    public static String text(long bytes) {
        int power = 0;
        while (power < UNITS.length() - 1 && bytes >= 1L << 10 * (power + 1)) {
            power++;
        }
        if (power == 0) {
            return bytes + " bytes";
        }
        double units = (double) bytes / (1L << 10 * power);
        String number =
                units == Math.rint(units) ? Long.toString((long) units) : String.format(Locale.ROOT, "%.1f", units);
        return number + UNITS.toUpperCase(Locale.ROOT).charAt(power) + "iB";
    }
}
