package dev.wherry.daemon.filter;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern that a client gave. Java's regular expressions can take exponential time; a match of this class ends after a
 * bounded number of steps, so that no request keeps a processor of the daemon busy.
 */
public final class TextPattern {

    private static final int LONGEST_PATTERN = 1000;
    private static final int MOST_STEPS = 1_000_000;

    private final String key;
    private final String source;
    private final Pattern pattern;

    private TextPattern(String key, String source, Pattern pattern) {
        this.key = key;
        this.source = source;
        this.pattern = pattern;
    }

    /**
     * A regular expression, which is found anywhere in a text. As docker has it, a value that is no regular expression
     * stands for itself.
     *
     * @param key of the filter, for messages
     */
    public static TextPattern regularExpression(String key, String value) {
        requireShort(key, value);
        try {
            return new TextPattern(key, value, Pattern.compile(value));
        } catch (PatternSyntaxException literal) {
            return new TextPattern(key, value, Pattern.compile(value, Pattern.LITERAL));
        }
    }

    /**
     * A pattern of a whole path, as Go's {@code path.Match} reads it: {@code *} and {@code ?} match no slash,
     * {@code [a-z]} and {@code [^a-z]} match one character.
     *
     * @param key of the filter, for messages
     * @throws InvalidInputException when the pattern is malformed
     */
    public static TextPattern path(String key, String value) {
        requireShort(key, value);
        try {
            return new TextPattern(key, value, Pattern.compile("^" + expression(key, value) + "$"));
        } catch (PatternSyntaxException malformed) {
            throw malformed(key, value);
        }
    }

    private static String expression(String key, String glob) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            switch (glob.charAt(i)) {
                case '*' -> expression.append("[^/]*");
                case '?' -> expression.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', i + 2);
                    if (end < 0) {
                        throw malformed(key, glob);
                    }
                    String set = glob.substring(i + 1, end).replace("[", "\\[").replace("&&", "&\\&");
                    expression.append("(?!/)[").append(set).append(']');
                    i = end;
                }
                case '\\' -> {
                    if (++i == glob.length()) {
                        throw malformed(key, glob);
                    }
                    expression.append(Pattern.quote(glob.substring(i, i + 1)));
                }
                default -> expression.append(Pattern.quote(glob.substring(i, i + 1)));
            }
        }
        return expression.toString();
    }

    private static InvalidInputException malformed(String key, String value) {
        return Filters.invalid(key, value, "it is not a pattern");
    }

    private static void requireShort(String key, String value) {
        if (value.length() > LONGEST_PATTERN) {
            throw new InvalidInputException(
                            "invalid filter '" + key + "': a pattern has at most " + LONGEST_PATTERN + " characters")
                    .in(Filters.FIELD);
        }
    }

    /**
     * Whether the pattern is found in the text.
     *
     * @throws InvalidInputException when finding it takes too long
     */
    public boolean isFoundIn(String text) {
        return pattern.matcher(new BoundedText(text)).find();
    }

    /** A text of which only so many characters can be read. */
    private final class BoundedText implements CharSequence {
        private final String text;
        private int left = MOST_STEPS;

        private BoundedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (left-- == 0) {
                throw Filters.invalid(key, source, "matching this pattern takes too long");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
