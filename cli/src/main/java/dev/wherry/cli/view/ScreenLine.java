package dev.wherry.cli.view;

/**
 * One line of a {@link LiveRegion}.
 *
 * @param left what gives way when the window is narrow
 * @param right set at the right margin; may be empty
 * @param colour escape sequence before the line, empty for none
 */
public record ScreenLine(String left, String right, String colour) {
    /** Columns that the left part keeps where there is a right one. */
    private static final int LEAST_LEFT = 8;

    private static final String RESET = "\033[0m";

    public static ScreenLine plain(String text) {
        return new ScreenLine(text, "", "");
    }

    /** Columns the line takes in a window that has so many. */
    int length(int columns) {
        return hasRight(columns) ? columns : Math.min(width(left), columns);
    }

    public String fitted(int columns) {
        boolean hasRight = hasRight(columns);
        String text = cut(left, hasRight ? columns - right.length() - 1 : columns);
        if (hasRight) {
            text = text + " ".repeat(Math.max(1, columns - width(text) - right.length())) + right;
        }
        return colour.isEmpty() ? text : colour + text + RESET;
    }

    /** In a very narrow window the left part is worth more. */
    private boolean hasRight(int columns) {
        return !right.isEmpty() && columns >= right.length() + LEAST_LEFT;
    }

    /** Columns a text takes: wide characters of East Asia and pictures take two, combining ones none. */
    public static int width(String text) {
        return text.codePoints().map(ScreenLine::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = c >= 0x1100 && c <= 0x115f
                || c >= 0x2e80 && c <= 0xa4cf
                || c >= 0xac00 && c <= 0xd7a3
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0xfe30 && c <= 0xfe6f
                || c >= 0xff00 && c <= 0xff60
                || c >= 0x1f300 && c <= 0x1faff
                || c >= 0x20000 && c <= 0x3fffd;
        return wide ? 2 : 1;
    }

    private static String cut(String text, int columns) {
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            used += width(c);
            if (used > columns) {
                return text.substring(0, i);
            }
            i += Character.charCount(c);
        }
        return text;
    }
}
