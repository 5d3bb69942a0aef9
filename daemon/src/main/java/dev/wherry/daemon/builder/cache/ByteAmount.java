package dev.wherry.daemon.builder.cache;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of disk space: a number of bytes, or a part of the disk.
 *
 * @param bytes when it is no part of the disk
 * @param percent of the disk; 0 when it is a number of bytes
 */
public record ByteAmount(long bytes, int percent) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?) ?([kmgt]?)(i?)b?");
    private static final Pattern PART = Pattern.compile("([0-9]{1,2}|100)%");
    private static final String UNITS = "kmgt";

    /** Reads {@code 10GB}, {@code 512MiB}, {@code 1073741824} or {@code 10%}; empty for anything else. */
    public static Optional<ByteAmount> parse(String text) {
        Matcher part = PART.matcher(text.strip());
        if (part.matches()) {
            return Optional.of(new ByteAmount(0, Integer.parseInt(part.group(1))));
        }
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches() || form.group(2).isEmpty() && !form.group(3).isEmpty()) {
            return Optional.empty();
        }
        int power = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1;
        BigDecimal unit =
                BigDecimal.valueOf(form.group(3).isEmpty() ? 1000 : 1024).pow(power);
        return Optional.of(
                new ByteAmount(new BigDecimal(form.group(1)).multiply(unit).longValue(), 0));
    }

    /** In bytes, of a disk of this size. */
    public long of(long disk) {
        return percent == 0 ? bytes : disk / 100 * percent;
    }
}
