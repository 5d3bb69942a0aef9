package dev.wherry.daemon.builder.dockerfile.text;

/** What counts as white space; the two notions differ in the language, and neither is Java's. */
public final class Whitespace {

    private Whitespace() {}

    /** White space that is trimmed and that separates quoted words: Unicode's White_Space property. */
    public static boolean isSpace(int c) {
        return switch (c) {
            case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> c >= 0x2000 && c <= 0x200A;
        };
    }

    /** White space that separates the keyword and plain arguments: ASCII without the line feed. */
    public static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == 0x0B || c == '\f' || c == '\r';
    }

    public static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    public static String trim(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        int start = skipSpace(text, 0);
        return start >= end ? "" : text.substring(start, end);
    }
}
