package dev.wherry.daemon.builder.dockerfile.pattern;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The patterns of a {@code .dockerignore} file (Docker build reference, ".dockerignore files"). The last pattern that
 * matches a path or a directory above it decides; a pattern that begins with {@code !} includes again. Patterns do not
 * tell files from directories.
 */
public final class IgnorePatterns {

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_PATTERNS = 10_000;
    private static final int MAX_PATTERN = 4096;

    private static final IgnorePatterns NONE = new IgnorePatterns(List.of());

    private final List<Rule> rules;

    private IgnorePatterns(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** No patterns: nothing is ignored. */
    public static IgnorePatterns none() {
        return NONE;
    }

    /** {@link #parse(String, byte[])} of a file called {@code .dockerignore}. */
    public static IgnorePatterns parse(byte[] text) {
        return parse(".dockerignore", text);
    }

    /**
     * Reads an ignore file: UTF-8, one pattern a line, {@code #} in the first column begins a comment.
     *
     * @throws DockerfileException when a pattern is malformed or the file is too large
     */
    public static IgnorePatterns parse(String fileName, byte[] text) {
        if (text.length > MAX_BYTES) {
            throw DockerfileException.ofFile(fileName, "the file is larger than 1 MiB");
        }
        var rules = new ArrayList<Rule>();
        int number = 0;
        for (int start = 0; start < text.length; ) {
            int end = start;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            number++;
            Line.of(fileName, number, text, start, end).rule().ifPresent(rules::add);
            if (rules.size() > MAX_PATTERNS) {
                throw new DockerfileException(
                        new Position(fileName, number, 1, number), "", "more than " + MAX_PATTERNS + " patterns");
            }
            start = end + 1;
        }
        return new IgnorePatterns(rules);
    }

    /**
     * These patterns, one a string, none of which is a comment: as {@code --exclude} takes them.
     *
     * @throws IllegalArgumentException saying which is malformed
     */
    public static IgnorePatterns of(List<String> patterns) {
        List<Rule> rules = new ArrayList<>();
        for (String pattern : patterns) {
            String trimmed = Whitespace.trim(pattern);
            if (!trimmed.isEmpty()) {
                rules.add(rule(trimmed));
            }
        }
        return rules.isEmpty() ? NONE : new IgnorePatterns(rules);
    }

    private static Rule rule(String text) {
        boolean includes = text.startsWith("!");
        String pattern = includes ? Whitespace.trim(text.substring(1)) : text;
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("! needs a pattern after it");
        }
        if (pattern.length() > MAX_PATTERN) {
            throw new IllegalArgumentException("the pattern is longer than any path");
        }
        String path = clean(pattern);
        if (!GlobSyntax.hasWildcard(path) && path.indexOf('\\') < 0) {
            return new Rule(includes, path, Optional.empty());
        }
        try {
            return new Rule(includes, path, Optional.of(GlobSyntax.parse(path, true)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid pattern " + DockerfileException.quote(pattern) + ": " + e.getMessage());
        }
    }

    /** The patterns in their order, cleaned, for another program that knows them. */
    public List<String> texts() {
        return rules.stream()
                .map(rule -> (rule.includes() ? "!" : "") + rule.path())
                .toList();
    }

    /** Whether nothing at all is ignored. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether some pattern can match below a directory. */
    public boolean canMatchBelow(String directory) {
        return rules.stream().anyMatch(rule -> rule.canMatchBelow(directory));
    }

    /**
     * Whether a path is ignored.
     *
     * @param path relative to the root of the context, names separated by slashes, not cleaned further
     */
    public boolean ignores(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            // A pattern that could not change the answer need not be tried.
            if (rule.includes() == ignored && rule.matches(path)) {
                ignored = !rule.includes();
            }
        }
        return ignored;
    }

    /**
     * Whether something at or below a directory may have to be visited: false only when the directory is ignored and no
     * later {@code !} pattern can match below it, so that a walk may leave it out.
     */
    public boolean mayContainIncluded(String directory) {
        for (Rule rule : rules.reversed()) {
            if (rule.includes() ? rule.canMatchBelow(directory) || rule.matches(directory) : rule.matches(directory)) {
                return rule.includes();
            }
        }
        return true;
    }

    /** Whether a pattern begins with {@code !}, so that what is below an ignored directory need not be ignored. */
    public boolean haveExceptions() {
        return rules.stream().anyMatch(Rule::includes);
    }

    /** Whether nothing at all is left, by {@code *} or the like. */
    public boolean ignoreEverything() {
        return rules.stream().anyMatch(rule -> switch (rule.path()) {
            case "*", "**", "**/*" -> !rule.includes();
            default -> false;
        });
    }

    /** One pattern; a plain path needs no state machine. */
    private record Rule(boolean includes, String path, Optional<Glob> glob) {

        boolean matches(String candidate) {
            return glob.map(g -> g.matchesSelfOrParent(candidate))
                    .orElseGet(() -> candidate.equals(path) || isBelow(path, candidate));
        }

        boolean canMatchBelow(String directory) {
            return glob.map(g -> g.canMatchBelow(directory)).orElseGet(() -> isBelow(directory, path));
        }

        private static boolean isBelow(String directory, String path) {
            return path.length() > directory.length()
                    && path.charAt(directory.length()) == '/'
                    && path.startsWith(directory);
        }
    }

    /** One line of the file. */
    private record Line(Position position, String text) {

        static Line of(String file, int number, byte[] bytes, int start, int end) {
            var position = new Position(file, number, 1, number);
            if (start < end && bytes[start] == '#') {
                return new Line(position, "");
            }
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, start, end - start))
                        .toString();
                boolean marked = number == 1 && text.startsWith("\uFEFF");
                return new Line(position, marked ? text.substring(1) : text);
            } catch (CharacterCodingException e) {
                throw new DockerfileException(position, "", "the line is not UTF-8 text");
            }
        }

        Optional<Rule> rule() {
            String pattern = Whitespace.trim(text);
            if (pattern.isEmpty() || text.startsWith("#")) {
                return Optional.empty();
            }
            try {
                return Optional.of(IgnorePatterns.rule(pattern));
            } catch (IllegalArgumentException e) {
                throw new DockerfileException(position, text, e.getMessage());
            }
        }
    }

    /** Removes empty names, {@code .}, names followed by {@code ..}, and slashes at both ends. */
    private static String clean(String pattern) {
        boolean rooted = pattern.startsWith("/");
        var names = new ArrayList<String>();
        for (String name : pattern.split("/")) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (!name.equals("..")) {
                names.add(name);
            } else if (!names.isEmpty() && !names.getLast().equals("..")) {
                names.removeLast();
            } else if (!rooted) {
                names.add(name);
            }
        }
        return names.isEmpty() ? "." : String.join("/", names);
    }
}
