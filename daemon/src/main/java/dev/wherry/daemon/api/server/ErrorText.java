package dev.wherry.daemon.api.server;

/**
 * The text of an error as it may leave the daemon. Names of files and archive entries in it come from strangers: long
 * ones are shortened in the middle, and characters that a terminal would obey are escaped. The whole fits the headers of
 * a response, of which clients accept 8 KiB: gRPC sends the text twice, percent-encoded and in the details.
 */
public final class ErrorText {

    /** The longest name of a file, with some characters around it. */
    private static final int MAX_WORD = 300;

    /** Bytes of the text after percent-encoding. */
    private static final int MAX_ENCODED = 2048;

    private static final String CUT = " [...] ";

    private ErrorText() {}

    /** A whole sentence or several lines. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == ' ' || c == '\n' || c == '\t') {
                shown.append(shortened(word, MAX_WORD)).appendCodePoint(c);
                word.setLength(0);
            } else {
                escape(c, word);
            }
        });
        shown.append(shortened(word, MAX_WORD));
        return shortened(shown, MAX_ENCODED);
    }

    /** A name that stands alone. */
    static String name(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().forEach(c -> escape(c, shown));
        return shortened(shown, MAX_WORD);
    }

    private static void escape(int c, StringBuilder to) {
        boolean printable = switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
        if (printable) {
            to.appendCodePoint(c);
        } else {
            to.append(c < 0x100 ? String.format("\\x%02x", c) : String.format("\\u%04x", c));
        }
    }

    /** A text of at most so many encoded bytes: its beginning and its end where it is longer. */
    private static String shortened(CharSequence text, int most) {
        int[] characters = text.codePoints().toArray();
        int length = 0;
        for (int c : characters) {
            length += encoded(c);
        }
        if (length <= most) {
            return text.toString();
        }
        int room = (most - CUT.length() - 4) / 2;
        int head = 0;
        for (int used = 0; used + encoded(characters[head]) <= room; head++) {
            used += encoded(characters[head]);
        }
        int tail = characters.length;
        for (int used = 0; used + encoded(characters[tail - 1]) <= room; tail--) {
            used += encoded(characters[tail - 1]);
        }
        return new String(characters, 0, head) + CUT + new String(characters, tail, characters.length - tail);
    }

    /** How many bytes a character takes once its UTF-8 is percent-encoded. */
    private static int encoded(int c) {
        if (c < 0x80) {
            return c >= ' ' && c < 0x7f && c != '%' ? 1 : 3;
        }
        return c < 0x800 ? 6 : c < 0x10000 ? 9 : 12;
    }
}
