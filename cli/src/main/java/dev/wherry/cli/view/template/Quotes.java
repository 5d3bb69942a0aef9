package dev.wherry.cli.view.template;

import java.util.Locale;

/** Quoted strings as Go writes and reads them. */
public final class Quotes {
    private Quotes() {}

    /** Whether a terminal would obey a character rather than show it: control characters, and what turns the direction. */
    public static boolean isObeyed(int c) {
        return c < ' '
                || c >= 0x7f && c < 0xa0
                || c == 0x200e
                || c == 0x200f
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    /** The text in double quotes, with escapes for quotes, backslashes and control characters. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isObeyed(c)) {
                        quoted.append(String.format(Locale.ROOT, c < 0x80 ? "\\x%02x" : "\\u%04x", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    static String unquoted(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(++i);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'a' -> text.append('\007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\013');
                case '\\', '"', '\'' -> text.append(escape);
                case 'x', 'u', 'U' -> {
                    int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
                    text.appendCodePoint(hexadecimal(raw, i + 1, digits));
                    i += digits;
                }
                default -> throw new TemplateException("unknown escape \\" + escape + " in string");
            }
        }
        return text.toString();
    }

    private static int hexadecimal(String raw, int start, int digits) {
        try {
            return Integer.parseInt(raw, start, start + digits, 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new TemplateException("malformed escape in string");
        }
    }
}
