package dev.wherry.daemon.build.dockerfile;

/** What counts as white space; the two notions differ in the language, and neither is Java's. */
final class Text {

    private Text() {}

    /** White space that is trimmed and that separates quoted words: Unicode's White_Space property. */
    static boolean isSpace(int c) {
        return switch (c) {
            case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> c >= 0x2000 && c <= 0x200A;
        };
    }

    /** White space that separates the keyword and plain arguments: ASCII without the line feed. */
    static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == 0x0B || c == '\f' || c == '\r';
    }

    static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String trim(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        int start = skipSpace(text, 0);
        return start >= end ? "" : text.substring(start, end);
    }
}
