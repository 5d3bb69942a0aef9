package dev.wherry.cli.command;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.Quotes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of flags as docker reads them; the value of a flag that was not given is {@code null} here, and means 0. */
public final class FlagValue {
    private FlagValue() {}

    /** The failure of a flag with a wrong value; {@code flag} as docker names it, such as "-m, --memory". */
    public static Failure invalid(String flag, String value, String reason) {
        return new Failure(
                "invalid argument " + Quotes.quoted(value) + " for \"" + flag + "\" flag: " + reason,
                ExitStatus.NOT_STARTED);
    }

    /** A number of bytes, such as {@code 512m}, in powers of 1024. */
    public static long bytes(String flag, String text) {
        if (text == null) {
            return 0;
        }
        Matcher size = Patterns.SIZE.matcher(text);
        if (!size.matches()) {
            throw invalid(flag, text, "invalid size: '" + text + "'");
        }
        String unit = size.group(2) == null ? "" : size.group(2).toLowerCase(java.util.Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "kmgtp".indexOf(unit) + 1;
        BigDecimal bytes =
                new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1024).pow(power));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(flag, text, "the size is too large");
        }
        return bytes.longValue();
    }

    /** The same, where {@code -1} means no limit. */
    public static long bytesOrUnlimited(String flag, String text) {
        return "-1".equals(text) ? -1 : bytes(flag, text);
    }

    /** A whole number from {@code least} to {@code most}. */
    public static long integer(String flag, String text, long least, long most) {
        if (text == null) {
            return 0;
        }
        if (!text.matches("[+-]?[0-9]{1,20}")) {
            throw invalid(flag, text, "it is not a whole number");
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw invalid(flag, text, "it must be between " + least + " and " + most);
        }
        return number.longValue();
    }

    public static long integer(String flag, String text) {
        return integer(flag, text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** A number of CPUs, such as {@code 1.5}, times 10^9. */
    public static long nanoCpus(String flag, String text) {
        if (text == null) {
            return 0;
        }
        if (!text.matches("[0-9]{1,9}(\\.[0-9]{0,30})?|\\.[0-9]{1,30}")) {
            throw invalid(flag, text, "it is not a number of CPUs such as 1.5");
        }
        try {
            return new BigDecimal(text).movePointRight(9).longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(flag, text, "value is too precise");
        }
    }

    /** A time in nanoseconds, such as {@code 1m30s}. */
    public static long nanos(String flag, String text) {
        if (text == null || text.equals("0")) {
            return 0;
        }
        if (text.matches("[+-]?[0-9.]+")) {
            throw invalid(flag, text, "missing unit in duration: write " + text + "s for seconds");
        }
        return DurationParser.nanos(text)
                .orElseThrow(() -> invalid(flag, text, "invalid duration: write it as 90s or 1m30s"));
    }

    /** Compiled only when a value needs it, since every start would pay. */
    private static final class Patterns {
        static final Pattern SIZE = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kKmMgGtTpP])?[iI]?[bB]?");
    }
}
