package dev.wherry.daemon.builder.dockerfile.instruction;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as docker's options have it: {@code 64m}, {@code 1.5GiB}; units are powers of 1024. */
public final class ByteSize {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?) ?([kmgtp]?)i?b?");
    private static final String UNITS = "kmgtp";

    private ByteSize() {}

    /** The number of bytes; empty when the text is none. */
    public static Optional<Long> parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1024, power);
        return bytes < Long.MAX_VALUE ? Optional.of((long) bytes) : Optional.empty();
    }
}
