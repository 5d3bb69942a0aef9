package dev.wherry.cli.view.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Values as Go's {@code fmt} prints them. */
final class Printing {
    private static final int WIDEST = 10_000;

    private Printing() {}

    /** As the verb {@code %v} prints. */
    static String text(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Map<?, ?> map ->
                new TreeMap<>(map)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + ":" + text(entry.getValue()))
                                .collect(Collectors.joining(" ", "map[", "]"));
            case List<?> list -> list.stream().map(Printing::text).collect(Collectors.joining(" ", "[", "]"));
            case BigDecimal number -> floating(number);
            default -> value.toString();
        };
    }

    private static String floating(BigDecimal number) {
        int exponent = number.precision() - number.scale() - 1;
        if (number.signum() != 0 && (exponent < -4 || exponent >= 21)) {
            String digits = number.unscaledValue().abs().toString().replaceFirst("0+$", "");
            return (number.signum() < 0 ? "-" : "")
                    + digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** As {@code Sprint}: spaces only between arguments neither of which is a string. */
    static String print(List<Object> arguments) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            if (i > 0 && !(arguments.get(i) instanceof String) && !(arguments.get(i - 1) instanceof String)) {
                text.append(' ');
            }
            text.append(text(arguments.get(i)));
        }
        return text.toString();
    }

    /** As {@code Sprintf}. */
    static String format(String format, List<Object> arguments) {
        StringBuilder text = new StringBuilder();
        int used = 0;
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%') {
                text.append(c);
                continue;
            }
            int start = i;
            while (i < format.length() && "+-# 0123456789.".indexOf(format.charAt(i)) >= 0) {
                i++;
            }
            if (i >= format.length()) {
                text.append("%!(NOVERB)");
                break;
            }
            String flags = format.substring(start, i);
            char verb = format.charAt(i++);
            if (verb == '%') {
                text.append('%');
            } else if (used >= arguments.size()) {
                text.append("%!").append(verb).append("(MISSING)");
            } else {
                text.append(padded(flags, verb, arguments.get(used++)));
            }
        }
        if (used < arguments.size()) {
            text.append("%!(EXTRA ");
            text.append(arguments.subList(used, arguments.size()).stream()
                    .map(argument -> typeName(argument) + "=" + text(argument))
                    .collect(Collectors.joining(", ")));
            text.append(')');
        }
        return text.toString();
    }

    private static String padded(String flags, char verb, Object argument) {
        int dot = flags.indexOf('.');
        int precision = dot < 0 ? -1 : number(flags.substring(dot + 1));
        String before = dot < 0 ? flags : flags.substring(0, dot);
        String signs = before.replaceFirst("[1-9][0-9]*$", "");
        int width = number(before.substring(signs.length()));
        String text = converted(verb, precision, signs, argument);
        int missing = Math.min(width, WIDEST) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        if (signs.contains("-")) {
            return text + " ".repeat(missing);
        }
        boolean zeros = signs.contains("0") && argument instanceof Number;
        boolean negative = zeros && text.startsWith("-");
        return negative ? "-" + "0".repeat(missing) + text.substring(1) : (zeros ? "0" : " ").repeat(missing) + text;
    }

    private static String converted(char verb, int precision, String signs, Object argument) {
        String text = switch (verb) {
            case 'v' -> text(argument);
            case 's' -> argument instanceof Number || argument instanceof Boolean ? null : text(argument);
            case 'q' -> argument instanceof String string ? Quotes.quoted(string) : null;
            case 't' -> argument instanceof Boolean ? text(argument) : null;
            case 'd' -> argument instanceof Long ? text(argument) : null;
            case 'x' -> hexadecimal(argument);
            case 'c' ->
                argument instanceof Long code && Character.isValidCodePoint(code.intValue())
                        ? Character.toString(code.intValue())
                        : null;
            case 'f' ->
                argument instanceof BigDecimal number
                        ? number.setScale(
                                        precision < 0 ? 6 : Math.min(precision, WIDEST),
                                        java.math.RoundingMode.HALF_EVEN)
                                .toPlainString()
                        : null;
            case 'T' -> typeName(argument);
            default -> null;
        };
        if (text == null) {
            return "%!" + verb + "(" + typeName(argument) + "=" + text(argument) + ")";
        }
        if (verb == 's' && precision >= 0 && text.codePointCount(0, text.length()) > precision) {
            return text.substring(0, text.offsetByCodePoints(0, precision));
        }
        return signs.contains("+") && verb == 'd' && !text.startsWith("-") ? "+" + text : text;
    }

    private static String hexadecimal(Object argument) {
        return switch (argument) {
            case Long number -> Long.toString(number, 16);
            case String string ->
                java.util.HexFormat.of().formatHex(string.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case null, default -> null;
        };
    }

    private static String typeName(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String _ -> "string";
            case Boolean _ -> "bool";
            case BigDecimal _ -> "float64";
            case Number _ -> "int";
            case List<?> _ -> "[]interface {}";
            case Map<?, ?> _ -> "map[string]interface {}";
            default -> "interface {}";
        };
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : digits.length() > 5 ? WIDEST : Integer.parseInt(digits);
    }
}
