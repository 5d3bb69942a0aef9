package dev.wherry.daemon.builder.dockerfile.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A compiled wildcard pattern. It is simulated as a state machine whose states are bits, one a token, so that a match
 * takes one pass over the text whatever the pattern: there is no backtracking to blow up.
 */
final class Glob {

    /** One element of a pattern. */
    sealed interface Token {
        record Literal(int codePoint) implements Token {}

        /** One character, a slash only if {@code slash}. */
        record Any(boolean slash) implements Token {}

        /** Any number of characters, slashes only if {@code slash}. */
        record Star(boolean slash) implements Token {}

        /** {@code **}{@code /}: nothing, or any text that ends in a slash. */
        record Directories() implements Token {}

        /** A character class as pairs of first and last code point. */
        record Class(boolean negated, int[] ranges) implements Token {
            boolean contains(int c) {
                for (int i = 0; i < ranges.length; i += 2) {
                    if (ranges[i] <= c && c <= ranges[i + 1]) {
                        return !negated;
                    }
                }
                return negated;
            }
        }
    }

    private static final int ASCII = 128;

    /** The token a state waits for; the second state of a {@link Token.Directories} waits for its slash. */
    private final List<Token> states = new ArrayList<>();

    private final int words;
    private final boolean stars;
    /** Text that is in whatever matches: most paths are told apart by it, without running the machine. */
    private final String required;
    /** For each ASCII character the states that move on when they read it. */
    private final long[] movers;
    /** The states that stay on any character, and those that stay on any but a slash. */
    private final long[] stayers;

    private final long[] stayersInName;
    /** States that may be left without reading, in ascending order, and how far they reach. */
    private final int[] free;

    private final int[] reach;

    Glob(List<Token> tokens) {
        var freeStates = new ArrayList<int[]>();
        for (Token token : tokens) {
            if (token instanceof Token.Star) {
                freeStates.add(new int[] {states.size(), 1});
            } else if (token instanceof Token.Directories) {
                freeStates.add(new int[] {states.size(), 2});
                states.add(token);
            }
            states.add(token);
        }
        free = freeStates.stream().mapToInt(s -> s[0]).toArray();
        reach = freeStates.stream().mapToInt(s -> s[1]).toArray();
        stars = free.length > 0;
        required = longestLiteral(tokens);
        words = states.size() / 64 + 1;
        movers = new long[ASCII * words];
        stayers = new long[words];
        stayersInName = new long[words];
        for (int state = 0; state < states.size(); state++) {
            compile(state);
        }
    }

    private static String longestLiteral(List<Token> tokens) {
        int longestStart = 0;
        int longestEnd = 0;
        int start = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (!(tokens.get(i) instanceof Token.Literal)) {
                start = i + 1;
            } else if (i + 1 - start > longestEnd - longestStart) {
                longestStart = start;
                longestEnd = i + 1;
            }
        }
        var longest = new StringBuilder();
        for (Token token : tokens.subList(longestStart, longestEnd)) {
            if (token instanceof Token.Literal(int c)) {
                longest.appendCodePoint(c);
            }
        }
        return longest.toString();
    }

    private void compile(int state) {
        switch (states.get(state)) {
            case Token.Literal(int c) -> {
                if (c < ASCII) {
                    set(movers, c * words, state);
                }
            }
            case Token.Star(boolean slash) -> {
                set(stayersInName, 0, state);
                if (slash) {
                    set(stayers, 0, state);
                }
            }
            case Token.Directories _ -> {
                if (isInside(state)) {
                    set(stayersInName, 0, state);
                    set(stayers, 0, state);
                    set(movers, '/' * words, state);
                }
            }
            case Token.Any _, Token.Class _ -> {
                for (int c = 0; c < ASCII; c++) {
                    if (moves(state, c)) {
                        set(movers, c * words, state);
                    }
                }
            }
        }
    }

    /** A {@link Token.Directories} stands in the list twice: where it may be skipped, and inside its text. */
    private boolean isInside(int state) {
        return Arrays.binarySearch(free, state) < 0;
    }

    private boolean moves(int state, int c) {
        return switch (states.get(state)) {
            case Token.Literal(int wanted) -> c == wanted;
            case Token.Any(boolean slash) -> slash || c != '/';
            case Token.Class set -> set.contains(c);
            case Token.Star _ -> false;
            case Token.Directories _ -> c == '/' && isInside(state);
        };
    }

    /** Whether the whole text matches. */
    boolean matches(String text) {
        return text.contains(required) && longestPrefix(text, 0) == text.length();
    }

    /** Whether a path or any directory above it matches. */
    boolean matchesSelfOrParent(String path) {
        if (!path.contains(required)) {
            return false;
        }
        var run = new Run();
        for (int at = 0; at < path.length(); ) {
            int c = path.codePointAt(at);
            if (c == '/' && at > 0 && run.accepts()) {
                return true;
            }
            run.read(c);
            if (run.isDead()) {
                return false;
            }
            at += Character.charCount(c);
        }
        return run.accepts();
    }

    /** Whether some path below a directory can match. */
    boolean canMatchBelow(String directory) {
        var run = new Run();
        directory.codePoints().takeWhile(_ -> !run.isDead()).forEach(run::read);
        run.read('/');
        return !run.isDead();
    }

    /** Where the shortest match that begins at {@code from} ends, or -1. */
    int shortestPrefix(String text, int from) {
        return prefix(text, from, false);
    }

    /** Where the longest match that begins at {@code from} ends, or -1. */
    int longestPrefix(String text, int from) {
        return prefix(text, from, true);
    }

    private int prefix(String text, int from, boolean longest) {
        var run = new Run();
        int end = run.accepts() ? from : -1;
        for (int at = from; at < text.length() && (longest || end < 0) && !run.isDead(); ) {
            int c = text.codePointAt(at);
            run.read(c);
            at += Character.charCount(c);
            if (run.accepts()) {
                end = at;
            }
        }
        return end;
    }

    /** For each index, whether some match of this pattern ends there, wherever it begins. */
    boolean[] matchEnds(String text) {
        var ends = new boolean[text.length() + 1];
        var run = new Run();
        ends[0] = run.accepts();
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            run.read(c);
            run.begin();
            at += Character.charCount(c);
            ends[at] = run.accepts();
        }
        return ends;
    }

    /** Whether one match can be longer than the pattern, and hence reach to the last possible end. */
    boolean hasStars() {
        return stars;
    }

    /** The size of the machine, which a match costs for each character. */
    int words() {
        return words;
    }

    private static void set(long[] bits, int offset, int state) {
        bits[offset + state / 64] |= 1L << (state % 64);
    }

    /** The states the machine can be in after what was read. */
    private final class Run {
        private final long[] now = new long[words];

        Run() {
            begin();
        }

        void begin() {
            now[0] |= 1;
            follow();
        }

        void read(int c) {
            long[] staying = c == '/' ? stayers : stayersInName;
            long carry = 0;
            for (int word = 0; word < words; word++) {
                long moving = now[word] & (c < ASCII ? movers[c * words + word] : moversBeyondAscii(word, c));
                now[word] = now[word] & staying[word] | moving << 1 | carry;
                carry = moving >>> 63;
            }
            follow();
        }

        private long moversBeyondAscii(int word, int c) {
            long bits = 0;
            int last = Math.min(states.size(), (word + 1) * 64);
            for (int state = word * 64; state < last; state++) {
                if (moves(state, c)) {
                    bits |= 1L << (state % 64);
                }
            }
            return bits;
        }

        private void follow() {
            for (int i = 0; i < free.length; i++) {
                if (has(free[i])) {
                    set(now, 0, free[i] + 1);
                    set(now, 0, free[i] + reach[i]);
                }
            }
        }

        private boolean has(int state) {
            return (now[state / 64] >>> (state % 64) & 1) != 0;
        }

        boolean accepts() {
            return has(states.size());
        }

        boolean isDead() {
            for (long word : now) {
                if (word != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
