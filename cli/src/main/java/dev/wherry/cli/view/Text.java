package dev.wherry.cli.view;

/** Text made fit for a terminal. */
public final class Text {
    private Text() {}

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
