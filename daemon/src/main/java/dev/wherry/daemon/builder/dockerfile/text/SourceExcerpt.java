package dev.wherry.daemon.builder.dockerfile.text;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The line of a file that an error is about, as one line of a terminal: control characters are replaced one by one, and
 * of a long line the part around the error is left.
 *
 * @param text without a line end
 * @param caret how many characters of the text stand before the place of the error
 */
public record SourceExcerpt(String text, int caret) {

    private static final int WIDTH = 100;
    private static final int BEFORE = 60;

    /** The excerpt of a line of a file, from 1; nothing when the file has no such line. */
    static Optional<SourceExcerpt> of(byte[] file, int line, int column) {
        int start = 0;
        for (int number = 1; number < line; number++) {
            while (start < file.length && file[start] != '\n') {
                start++;
            }
            start++;
        }
        if (line < 1 || start >= file.length) {
            return Optional.empty();
        }
        int end = start;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        String text = new String(file, start, end - start, StandardCharsets.UTF_8);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        return Optional.of(cut(text.stripTrailing(), column - 1));
    }

    private static SourceExcerpt cut(String line, int place) {
        int at = Math.clamp(place, 0, line.length());
        int from =
                line.length() <= WIDTH ? 0 : boundary(line, Math.max(0, Math.min(at - BEFORE, line.length() - WIDTH)));
        int to = boundary(line, Math.min(line.length(), from + WIDTH));
        String head = from > 0 ? "…" : "";
        String tail = to < line.length() ? "…" : "";
        String before = clean(line.substring(from, Math.max(from, at)));
        String shown = head + clean(line.substring(from, to)) + tail;
        return new SourceExcerpt(shown, head.length() + before.codePointCount(0, before.length()));
    }

    /** The place itself, or the one before it where that would halve a character. */
    private static int boundary(String line, int at) {
        boolean within = at > 0 && at < line.length() && Character.isLowSurrogate(line.charAt(at));
        return within ? at - 1 : at;
    }

    private static String clean(String text) {
        var clean = new StringBuilder();
        text.codePoints()
                .map(c -> c == '\t' ? ' ' : Character.isISOControl(c) || isLone(c) ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isLone(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
