package dev.wherry.daemon.builder.dockerfile.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads path patterns: {@code *} and {@code ?} within a name, {@code [a-z]} and {@code [^a-z]}, backslash escapes, and
 * where {@code deep} is asked for {@code **} across names. A class may match a slash, as in Go's path/filepath.
 */
final class GlobSyntax {

    private final String pattern;
    private final boolean deep;
    private final List<Glob.Token> tokens = new ArrayList<>();
    private int at;

    private GlobSyntax(String pattern, boolean deep) {
        this.pattern = pattern;
        this.deep = deep;
    }

    /** @throws IllegalArgumentException saying what is wrong with the pattern */
    static Glob parse(String pattern, boolean deep) {
        return new Glob(new GlobSyntax(pattern, deep).read());
    }

    /** Whether a pattern has an unescaped wildcard. */
    static boolean hasWildcard(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '*', '?', '[' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    private List<Glob.Token> read() {
        // A leading ** directly before a plain name matches any ending, also within a name: **foo matches a/barfoo.
        boolean endingOnly =
                deep && pattern.startsWith("**") && !hasWildcard(pattern.substring(2)) && pattern.indexOf('\\') < 0;
        while (at < pattern.length()) {
            int c = next();
            switch (c) {
                case '*' -> star(endingOnly && at == 1);
                case '?' -> tokens.add(new Glob.Token.Any(false));
                case '[' -> tokens.add(characterClass());
                case '\\' -> tokens.add(new Glob.Token.Literal(escaped()));
                default -> tokens.add(new Glob.Token.Literal(c));
            }
        }
        return tokens;
    }

    private void star(boolean matchesEndings) {
        if (!deep || !has('*')) {
            tokens.add(new Glob.Token.Star(false));
            return;
        }
        at++;
        boolean slash = has('/');
        if (slash) {
            at++;
        }
        boolean any = at == pattern.length() || matchesEndings && !slash;
        tokens.add(any ? new Glob.Token.Star(true) : new Glob.Token.Directories());
    }

    private Glob.Token characterClass() {
        boolean negated = has('^');
        if (negated) {
            at++;
        }
        var ranges = new ArrayList<Integer>();
        while (ranges.isEmpty() || !has(']')) {
            int first = classMember();
            int last = first;
            if (has('-')) {
                at++;
                last = classMember();
            }
            ranges.add(first);
            ranges.add(last);
        }
        at++;
        return new Glob.Token.Class(
                negated, ranges.stream().mapToInt(Integer::intValue).toArray());
    }

    private int classMember() {
        if (at == pattern.length()) {
            throw new IllegalArgumentException("it has a [ without its ]");
        }
        int c = next();
        if (c == '-' || c == ']') {
            throw new IllegalArgumentException("it has a misplaced " + Character.toString(c) + " between [ and ]");
        }
        return c == '\\' ? escaped() : c;
    }

    private int escaped() {
        if (at == pattern.length()) {
            throw new IllegalArgumentException("it ends in a backslash that escapes nothing");
        }
        return next();
    }

    private boolean has(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    private int next() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }
}
