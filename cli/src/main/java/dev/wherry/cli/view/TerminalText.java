package dev.wherry.cli.view;

import dev.wherry.cli.view.template.Quotes;

/** Text with everything removed that a terminal would obey. */
public final class TerminalText {
    private TerminalText() {}

    /**
     * The text without what a terminal would obey: escape sequences are dropped, tabs become spaces, other control
     * characters become {@code U+FFFD}.
     */
    public static String sanitised(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\033') {
                i = endOfEscape(text, i);
            } else if (c == '\t') {
                clean.append(" ".repeat(8 - clean.length() % 8));
            } else if (c < ' ' || c >= 0x7f && c < 0xa0) {
                clean.append(c == '\r' || c == '\b' ? "" : "\ufffd");
            } else {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    /** Index of the last character of the escape sequence that starts at {@code start} (ECMA-48 §5.3, §5.4, §5.6). */
    private static int endOfEscape(String text, int start) {
        int i = start + 1;
        if (i >= text.length()) {
            return start;
        }
        char kind = text.charAt(i);
        if (kind == '[') {
            do {
                i++;
            } while (i < text.length() && (text.charAt(i) < 0x40 || text.charAt(i) > 0x7e));
        } else if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
            while (i < text.length() && text.charAt(i) != '\007' && text.charAt(i) != '\\') {
                i++;
            }
        } else {
            while (i < text.length() - 1 && text.charAt(i) >= 0x20 && text.charAt(i) <= 0x2f) {
                i++;
            }
        }
        return Math.min(i, text.length() - 1);
    }

    /**
     * The text with what a terminal would obey written as escapes, such as {@code \x1b}: control characters, line ends
     * and tabs among them, and what turns the direction of writing.
     */
    public static String escaped(String text) {
        return escaped(text, true);
    }

    /** The same, but with line ends and tabs as they are. */
    public static String escapedLines(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean whole) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean obeyed = Quotes.isObeyed(c) && (whole || c != '\n' && c != '\t');
            if (obeyed && shown == null) {
                // Hardly any text has such characters: the others are not copied.
                shown = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (obeyed) {
                escape(c, shown);
            } else if (shown != null) {
                shown.append(c);
            }
        }
        return shown == null ? text : shown.toString();
    }

    private static void escape(char c, StringBuilder shown) {
        switch (c) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                String digits = Integer.toHexString(c);
                boolean small = digits.length() <= 2;
                shown.append(small ? "\\x" : "\\u").repeat("0", (small ? 2 : 4) - digits.length());
                shown.append(digits);
            }
        }
    }

    /** The text on one line, without control characters. */
    public static String oneLine(String text) {
        return sanitised(text.strip().replace('\n', ' '));
    }

    /** At most {@code length} characters: longer text loses its end for an ellipsis. */
    public static String shortened(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, length - 1))) + "…";
    }

    /** The twelve digits that stand for an ID or digest in tables. */
    public static String shortId(String id) {
        String digits = id.substring(id.indexOf(':') + 1);
        return digits.length() <= 12 ? digits : digits.substring(0, 12);
    }
}
