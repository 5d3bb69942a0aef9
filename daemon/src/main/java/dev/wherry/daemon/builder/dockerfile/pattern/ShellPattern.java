package dev.wherry.daemon.builder.dockerfile.pattern;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A pattern of {@code ${v#p}}, {@code ${v%p}} or {@code ${v/p/r}}: {@code *}, {@code ?} and backslash escapes. */
public final class ShellPattern {

    private final Glob forward;
    private final Glob backward;

    private ShellPattern(List<Glob.Token> tokens) {
        forward = new Glob(tokens);
        backward = new Glob(tokens.reversed());
    }

    /** @throws IllegalArgumentException saying what is wrong with the pattern */
    public static ShellPattern parse(String pattern) {
        var tokens = new ArrayList<Glob.Token>();
        int[] text = pattern.codePoints().toArray();
        for (int i = 0; i < text.length; i++) {
            tokens.add(
                    switch (text[i]) {
                        case '*' -> new Glob.Token.Star(true);
                        case '?' -> new Glob.Token.Any(true);
                        case '\\' -> {
                            i++;
                            // A brace or slash is escaped for the sake of ${…}, the others for the pattern's.
                            if (i == text.length || "}/*?\\".indexOf(text[i]) < 0) {
                                throw new IllegalArgumentException("a backslash goes before * ? \\ / or } only");
                            }
                            yield new Glob.Token.Literal(text[i]);
                        }
                        default -> new Glob.Token.Literal(text[i]);
                    });
        }
        return new ShellPattern(Collections.unmodifiableList(tokens));
    }

    /** What reading a pattern costs, in the unit of {@link #work}: mostly its tables. */
    public static long workToParse(String pattern) {
        return 256 + 16L * pattern.length();
    }

    /** What a use of this pattern on a value costs, in words of memory visited. */
    public long work(String value) {
        return (2L * value.length() + 128) * (forward.words() + 1);
    }

    public String trimStart(String value, boolean longest) {
        int end = longest ? forward.longestPrefix(value, 0) : forward.shortestPrefix(value, 0);
        return end < 0 ? value : value.substring(end);
    }

    public String trimEnd(String value, boolean longest) {
        String reversed = new StringBuilder(value).reverse().toString();
        int end = longest ? backward.longestPrefix(reversed, 0) : backward.shortestPrefix(reversed, 0);
        return end < 0 ? value : value.substring(0, value.length() - end);
    }

    /** Replaces the first or all of the leftmost longest matches; nothing when the result exceeds {@code limit}. */
    public Optional<String> replace(String value, String replacement, boolean all, int limit) {
        boolean[] starts = backward.matchEnds(new StringBuilder(value).reverse().toString());
        var out = new StringBuilder();
        int copied = 0;
        int at = 0;
        while (at <= value.length()) {
            if (!starts[value.length() - at]) {
                at++;
                continue;
            }
            int end = forward.longestPrefix(value, at);
            out.append(value, copied, at);
            // An empty match right after another match does not count.
            if (end > copied || at == 0) {
                out.append(replacement);
            }
            copied = end;
            if (out.length() > limit) {
                return Optional.empty();
            }
            // A match of a star reaches the last end there is: searching on would find nothing and cost a pass each.
            if (!all || forward.hasStars()) {
                break;
            }
            at = end > at ? end : at + (at < value.length() ? Character.charCount(value.codePointAt(at)) : 1);
        }
        out.append(value, copied, value.length());
        return out.length() > limit ? Optional.empty() : Optional.of(out.toString());
    }
}
