package dev.wherry.cli.view.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The functions a template may call: those of Go that make sense for plain values, and docker's own. */
final class Functions {
    private static final int WIDEST = 10_000;

    private Functions() {}

    static Object call(String name, List<Object> arguments) {
        return switch (name) {
            case "not" -> !isTrue(only(name, arguments));
            case "len" -> length(only(name, arguments));
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "print" -> Printing.print(arguments);
            case "println" -> arguments.stream().map(Printing::text).collect(Collectors.joining(" ", "", "\n"));
            case "printf" -> {
                atLeast(name, arguments, 1);
                yield Printing.format(string(name, arguments.getFirst()), arguments.subList(1, arguments.size()));
            }
            case "html" -> html(Printing.print(arguments));
            case "urlquery" ->
                java.net.URLEncoder.encode(Printing.print(arguments), java.nio.charset.StandardCharsets.UTF_8);
            case "eq" -> equalsAny(arguments);
            case "ne" -> !equal(exactly(name, arguments, 2).get(0), arguments.get(1));
            case "lt" -> compare(name, arguments) < 0;
            case "le" -> compare(name, arguments) <= 0;
            case "gt" -> compare(name, arguments) > 0;
            case "ge" -> compare(name, arguments) >= 0;
            case "json" -> JsonValues.compact(known(only(name, arguments)));
            case "upper" -> string(name, only(name, arguments)).toUpperCase(Locale.ROOT);
            case "lower" -> string(name, only(name, arguments)).toLowerCase(Locale.ROOT);
            case "title" -> title(string(name, only(name, arguments)));
            case "join" -> join(exactly(name, arguments, 2));
            case "split" -> split(exactly(name, arguments, 2));
            case "pad" -> pad(exactly(name, arguments, 3));
            case "truncate" -> truncate(exactly(name, arguments, 2));
            default -> throw new TemplateException("function " + Quotes.quoted(name) + " not defined");
        };
    }

    /** Whether a condition with this value holds: not for zero, nothing and what is empty. */
    static boolean isTrue(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean bool -> bool;
            case String string -> !string.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Long number -> number != 0;
            case BigDecimal number -> number.signum() != 0;
            case BigInteger number -> number.signum() != 0;
            default -> value != Evaluator.MISSING;
        };
    }

    private static Object known(Object value) {
        return value == Evaluator.MISSING ? null : value;
    }

    private static Object length(Object value) {
        return switch (value) {
            case String string -> (long) string.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case null, default -> throw new TemplateException("len of " + described(value));
        };
    }

    private static Object index(List<Object> arguments) {
        atLeast("index", arguments, 1);
        Object value = arguments.getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            value = switch (value) {
                case Map<?, ?> map -> map.containsKey(key) ? map.get(key) : absent(map);
                case List<?> list -> list.get(position(key, list.size() - 1));
                case null, default -> throw new TemplateException("can't index " + described(value));
            };
        }
        return value;
    }

    /** What Go gives for a key that is not there: an empty string where the map holds strings. */
    private static Object absent(Map<?, ?> map) {
        return map.values().stream().allMatch(String.class::isInstance) ? "" : Evaluator.MISSING;
    }

    private static Object slice(List<Object> arguments) {
        atLeast("slice", arguments, 1);
        Object value = arguments.getFirst();
        int length = switch (value) {
            case String string -> string.length();
            case List<?> list -> list.size();
            case null, default -> throw new TemplateException("can't slice " + described(value));
        };
        int from = arguments.size() > 1 ? position(arguments.get(1), length) : 0;
        int to = arguments.size() > 2 ? position(arguments.get(2), length) : length;
        if (from > to) {
            throw new TemplateException("invalid slice index: " + from + " > " + to);
        }
        return value instanceof String string ? string.substring(from, to) : ((List<?>) value).subList(from, to);
    }

    private static int position(Object key, int last) {
        if (!(key instanceof Long number)) {
            throw new TemplateException("cannot index with " + described(key));
        }
        if (number < 0 || number > last) {
            throw new TemplateException("index out of range: " + number);
        }
        return number.intValue();
    }

    private static boolean equalsAny(List<Object> arguments) {
        atLeast("eq", arguments, 2);
        Object first = arguments.getFirst();
        return arguments.subList(1, arguments.size()).stream().anyMatch(other -> equal(first, other));
    }

    private static boolean equal(Object a, Object b) {
        if (a == null || b == null || a == Evaluator.MISSING || b == Evaluator.MISSING) {
            return known(a) == known(b);
        }
        boolean sameKind = a instanceof Number && b instanceof Number || a.getClass() == b.getClass();
        if (!sameKind || a instanceof List || a instanceof Map) {
            throw new TemplateException("incompatible types for comparison");
        }
        return a instanceof Number x && b instanceof Number y ? decimal(x).compareTo(decimal(y)) == 0 : a.equals(b);
    }

    private static int compare(String name, List<Object> arguments) {
        Object a = exactly(name, arguments, 2).get(0);
        Object b = arguments.get(1);
        if (a instanceof Number x && b instanceof Number y) {
            return decimal(x).compareTo(decimal(y));
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw new TemplateException("incompatible types for comparison");
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private static String join(List<Object> arguments) {
        if (!(known(arguments.get(0)) instanceof List<?> list)) {
            if (known(arguments.get(0)) == null) {
                return "";
            }
            throw new TemplateException("join: " + described(arguments.get(0)) + " is not a list");
        }
        return list.stream().map(Printing::text).collect(Collectors.joining(string("join", arguments.get(1))));
    }

    private static List<Object> split(List<Object> arguments) {
        String text = string("split", arguments.get(0));
        String separator = string("split", arguments.get(1));
        return new ArrayList<>(List.of(text.split(Pattern.quote(separator), -1)));
    }

    private static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean start = true;
        for (char c : text.toCharArray()) {
            title.append(start ? Character.toTitleCase(c) : c);
            start = !Character.isLetterOrDigit(c) && c != '_' && c != '\'';
        }
        return title.toString();
    }

    private static String pad(List<Object> arguments) {
        String text = string("pad", arguments.get(0));
        return text.isEmpty()
                ? text
                : " ".repeat(position(arguments.get(1), WIDEST))
                        + text
                        + " ".repeat(position(arguments.get(2), WIDEST));
    }

    private static String truncate(List<Object> arguments) {
        String text = string("truncate", arguments.get(0));
        int length = position(arguments.get(1), Integer.MAX_VALUE);
        return text.length() <= length ? text : text.substring(0, length);
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    private static Object only(String name, List<Object> arguments) {
        return exactly(name, arguments, 1).getFirst();
    }

    private static List<Object> exactly(String name, List<Object> arguments, int count) {
        if (arguments.size() != count) {
            throw new TemplateException(
                    "wrong number of args for " + name + ": want " + count + " got " + arguments.size());
        }
        return arguments;
    }

    private static void atLeast(String name, List<Object> arguments, int count) {
        if (arguments.size() < count) {
            throw new TemplateException(
                    "wrong number of args for " + name + ": want at least " + count + " got " + arguments.size());
        }
    }

    private static String string(String name, Object value) {
        if (!(value instanceof String string)) {
            throw new TemplateException(name + ": " + described(value) + " is not a string");
        }
        return string;
    }

    private static String described(Object value) {
        return value == null ? "nil" : Printing.text(value);
    }
}
