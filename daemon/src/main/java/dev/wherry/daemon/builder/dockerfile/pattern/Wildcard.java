package dev.wherry.daemon.builder.dockerfile.pattern;

/**
 * A pattern of COPY and ADD sources: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]} and backslash escapes, none of
 * which but a class matches a slash (Go's {@code filepath.Match}).
 */
public final class Wildcard {

    private static final int MAX_PATTERN = 4096;

    private final Glob glob;

    private Wildcard(Glob glob) {
        this.glob = glob;
    }

    /** Whether a source is a pattern at all; else it is the plain name of a file. */
    public static boolean isPattern(String source) {
        return GlobSyntax.hasWildcard(source);
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException whose message completes "the pattern … is wrong: "
     */
    public static Wildcard parse(String pattern) {
        if (pattern.length() > MAX_PATTERN) {
            throw new IllegalArgumentException("it is longer than any path");
        }
        return new Wildcard(GlobSyntax.parse(pattern, false));
    }

    /** Whether the whole of a slash-separated path matches. */
    public boolean matches(String path) {
        return glob.matches(path);
    }

    /** Whether anything below a directory, given without a trailing slash, could match: a walk may skip it if not. */
    public boolean canMatchBelow(String directory) {
        return glob.canMatchBelow(directory);
    }

    /** {@link #parse} and {@link #matches(String)} at once. */
    public static boolean matches(String pattern, String path) {
        return parse(pattern).matches(path);
    }
}
