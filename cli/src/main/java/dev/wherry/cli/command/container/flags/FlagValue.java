package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.Quotes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of flags as docker reads them. What is not given, an empty text or {@code null}, is 0. */
public final class FlagValue {
    private FlagValue() {}

    /** The failure of a flag that cannot have a value; {@code flag} as docker names it, such as "-m, --memory". */
    static Failure invalid(String flag, String value, String reason) {
        return new Failure("invalid argument " + Quotes.quoted(value) + " for \"" + flag + "\" flag: " + reason, ExitStatus.NOT_STARTED);
    }

    /** A number of bytes, such as {@code 512m}, in powers of 1024. */
    static long bytes(String flag, String text) {
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
    static long bytesOrUnlimited(String flag, String text) {
        return "-1".equals(text) ? -1 : bytes(flag, text);
    }

    /** A whole number from {@code least} to {@code most}. */
    static long integer(String flag, String text, long least, long most) {
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

    static long integer(String flag, String text) {
        return integer(flag, text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** A number of CPUs, such as {@code 1.5}, times 10^9. */
    static long nanoCpus(String flag, String text) {
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
    static long nanos(String flag, String text) {
        if (text == null || text.equals("0")) {
            return 0;
        }
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        if (amounts.matches("[0-9.]+")) {
            throw invalid(flag, text, "missing unit in duration: write " + text + "s for seconds");
        }
        if (!Patterns.DURATION.matcher(amounts).matches()) {
            throw invalid(flag, text, "invalid duration: write it as 90s or 1m30s");
        }
        Matcher amount = Patterns.AMOUNT.matcher(amounts);
        BigDecimal nanos = BigDecimal.ZERO;
        while (amount.find()) {
            nanos = nanos.add(new BigDecimal(amount.group(1)).multiply(Patterns.UNITS.get(amount.group(2))));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(flag, text, "the duration is too long");
        }
        return negative ? -nanos.longValue() : nanos.longValue();
    }

    /** Made only when a value needs them, since every start would pay. */
    private static final class Patterns {
        static final Pattern SIZE = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kKmMgGtTpP])?[iI]?[bB]?");
        static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{0,9})?)(ns|us|µs|ms|s|m|h)");
        static final Pattern DURATION = Pattern.compile("(?:" + AMOUNT.pattern() + ")+");
        static final Map<String, BigDecimal> UNITS = Map.of(
                "ns", BigDecimal.ONE,
                "us", BigDecimal.valueOf(1_000),
                "µs", BigDecimal.valueOf(1_000),
                "ms", BigDecimal.valueOf(1_000_000),
                "s", BigDecimal.valueOf(1_000_000_000),
                "m", BigDecimal.valueOf(60_000_000_000L),
                "h", BigDecimal.valueOf(3_600_000_000_000L));
    }
}
