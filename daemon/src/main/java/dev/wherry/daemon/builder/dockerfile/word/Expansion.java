package dev.wherry.daemon.builder.dockerfile.word;

import dev.wherry.daemon.builder.dockerfile.pattern.ShellPattern;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.SourceLines;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One substitution of one word, with the quoting and the forms of parameter expansion that Dockerfiles know. A single
 * pass from left to right; {@code ${…}} forms recurse into their word.
 */
public final class Expansion {

    /** The kernel takes no longer environment string (MAX_ARG_STRLEN), so no longer result is of use. */
    public static final int MAX_LENGTH = 128 * 1024;

    /** A here-document can be as long as a Dockerfile. */
    private static final int MAX_DOCUMENT = 2 * SourceLines.MAX_BYTES;

    private static final int MAX_DEPTH = 64;
    /** A few characters of source can copy or search a whole value; this bounds the characters visited in all. */
    private static final long MAX_WORK = 20_000_000;

    private static final int END = -1;

    private final Word source;
    private final String raw;
    private final Scope scope;
    private int at;
    private int depth;
    private long work;
    /** Whether escape characters stay in the text, as patterns need them. */
    private boolean keepEscapes;
    /** Whether the text is the body of a here-document, where quotes are text. */
    private final boolean document;

    private final int maxLength;

    Expansion(Word source, Scope scope) {
        this(source, scope, false);
    }

    static Expansion ofDocument(Word source, Scope scope) {
        return new Expansion(source, scope, true);
    }

    private Expansion(Word source, Scope scope, boolean document) {
        this.source = source;
        this.raw = source.raw();
        this.scope = scope;
        this.document = document;
        this.maxLength = document ? MAX_DOCUMENT : MAX_LENGTH;
    }

    String text() {
        var out = new Output();
        readUntil(END, out);
        return out.text.toString();
    }

    List<String> words() {
        var out = new Output();
        readUntil(END, out);
        return out.finishWords();
    }

    /** What was read so far: as one text, and split into words at spaces that are not quoted. */
    private final class Output {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder word = new StringBuilder();
        private final List<String> words = new ArrayList<>();

        void quoted(String part) {
            append(part);
            word.append(part);
        }

        void plain(String part) {
            append(part);
            part.codePoints().forEach(c -> {
                if (Whitespace.isSpace(c)) {
                    endWord();
                } else {
                    word.appendCodePoint(c);
                }
            });
        }

        private void append(String part) {
            charge(part.length());
            if (text.length() + part.length() > maxLength) {
                throw failure("the substituted text is longer than " + maxLength + " characters");
            }
            text.append(part);
        }

        private void endWord() {
            if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }

        List<String> finishWords() {
            endWord();
            return List.copyOf(words);
        }
    }

    /** Reads to the first {@code stop} that is not quoted, and past it; to the end of the text for {@link #END}. */
    private void readUntil(int stop, Output out) {
        while (at < raw.length()) {
            int c = peek();
            if (c == stop) {
                at++;
                return;
            }
            if (c == '\'' && !document) {
                out.quoted(singleQuoted());
            } else if (c == '"' && !document) {
                out.quoted(doubleQuoted());
            } else if (c == '$') {
                out.plain(variable());
            } else if (c == source.escape()) {
                escaped(out);
            } else {
                out.plain(next());
            }
        }
        if (stop != END) {
            throw failure("missing " + Character.toString(stop) + " in " + DockerfileException.quote(raw));
        }
    }

    private void escaped(Output out) {
        String escape = next();
        if (keepEscapes) {
            out.quoted(escape);
        }
        if (at < raw.length()) {
            out.quoted(next());
        }
    }

    private String singleQuoted() {
        int close = raw.indexOf('\'', at + 1);
        if (close < 0) {
            throw failure("missing ' in " + DockerfileException.quote(raw));
        }
        String text = raw.substring(at + 1, close);
        at = close + 1;
        return text;
    }

    private String doubleQuoted() {
        var text = new StringBuilder();
        at++;
        while (at < raw.length()) {
            int c = peek();
            if (c == '"') {
                at++;
                return text.toString();
            }
            if (c == '$') {
                text.append(variable());
            } else if (c == source.escape()) {
                // Inside double quotes only these three can be escaped; before others the escape character stays.
                at++;
                if (keepEscapes) {
                    text.append(source.escape());
                }
                if (peek() == '"' || peek() == '$' || peek() == source.escape()) {
                    text.append(next());
                } else {
                    text.append(source.escape());
                }
            } else {
                text.append(next());
            }
            if (text.length() > maxLength) {
                throw failure("the substituted text is longer than " + maxLength + " characters");
            }
        }
        throw failure("missing \" in " + DockerfileException.quote(raw));
    }

    private String variable() {
        at++;
        if (peek() != '{') {
            String name = name();
            return name.isEmpty() ? "$" : scope.get(name).orElse("");
        }
        at++;
        if (++depth > MAX_DEPTH) {
            throw failure("${…} is nested more than " + MAX_DEPTH + " deep");
        }
        String value = braced();
        depth--;
        return value;
    }

    private String braced() {
        switch (peek()) {
            case END -> throw failure("missing } in " + DockerfileException.quote(raw));
            case '{', '}', ':' -> throw failure("bad substitution in " + DockerfileException.quote(raw));
            default -> {}
        }
        String name = name();
        int operator = peek();
        if (operator != END) {
            next();
        }
        return switch (operator) {
            case '}' -> scope.get(name).orElse("");
            case ':' -> {
                int second = peek();
                if (second != '-' && second != '+' && second != '?') {
                    throw unsupported(":" + (second == END ? "" : Character.toString(second)));
                }
                at++;
                yield conditional(name, second, true);
            }
            case '-', '+', '?' -> conditional(name, operator, false);
            case '#', '%' -> trimmed(name, operator);
            case '/' -> replaced(name);
            case END -> throw failure("missing } in " + DockerfileException.quote(raw));
            default -> throw unsupported(Character.toString(operator));
        };
    }

    private String conditional(String name, int operator, boolean emptyIsUnset) {
        String word = nested('}', false);
        Optional<String> value = scope.get(name);
        boolean set = value.isPresent() && !(emptyIsUnset && value.get().isEmpty());
        return switch (operator) {
            case '-' -> set ? value.get() : word;
            case '+' -> set ? word : "";
            default -> {
                if (!set) {
                    String why = value.isPresent() ? "is not allowed to be empty" : "is not allowed to be unset";
                    throw failure(name + ": " + (word.isEmpty() ? why : DockerfileException.printable(word)));
                }
                yield value.get();
            }
        };
    }

    /** {@code ${v#p}} and {@code ${v%p}} cut the shortest match off the start or end, doubled the longest. */
    private String trimmed(String name, int operator) {
        String word = nested('}', true);
        String value = scope.get(name).orElse("");
        boolean longest = !word.isEmpty() && word.charAt(0) == operator;
        ShellPattern pattern = pattern(longest ? word.substring(1) : word);
        charge(pattern.work(value));
        return operator == '#' ? pattern.trimStart(value, longest) : pattern.trimEnd(value, longest);
    }

    /** {@code ${v/p/r}} replaces the first match, {@code ${v//p/r}} all. */
    private String replaced(String name) {
        boolean all = peek() == '/';
        if (all) {
            at++;
        }
        String wanted = nested('/', true);
        String replacement = nested('}', true);
        String value = scope.get(name).orElse("");
        ShellPattern pattern = pattern(wanted);
        charge(pattern.work(value));
        return pattern.replace(value, replacement, all, maxLength)
                .orElseThrow(() -> failure("the substituted text is longer than " + maxLength + " characters"));
    }

    private ShellPattern pattern(String text) {
        charge(ShellPattern.workToParse(text));
        try {
            return ShellPattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw failure("invalid pattern " + DockerfileException.quote(text) + " in substitution: " + e.getMessage());
        }
    }

    private void charge(long characters) {
        work += characters;
        if (work > MAX_WORK) {
            throw failure("this substitution takes too much work on values of this length");
        }
    }

    private String nested(int stop, boolean keepEscapesInside) {
        boolean outer = keepEscapes;
        keepEscapes = keepEscapesInside;
        var out = new Output();
        readUntil(stop, out);
        keepEscapes = outer;
        return out.text.toString();
    }

    /** A name: letters, digits and underscores; only digits; or one of the shell's special parameters. */
    private String name() {
        int start = at;
        int first = peek();
        if (first == END) {
            return "";
        }
        if (Character.isDigit(first)) {
            while (peek() != END && Character.isDigit(peek())) {
                next();
            }
        } else if ("@*#?-$!".indexOf(first) >= 0) {
            at++;
        } else {
            while (peek() != END && (Character.isLetterOrDigit(peek()) || peek() == '_')) {
                next();
            }
        }
        return raw.substring(start, at);
    }

    private int peek() {
        return at < raw.length() ? raw.codePointAt(at) : END;
    }

    private String next() {
        int start = at;
        at += Character.charCount(raw.codePointAt(at));
        return raw.substring(start, at);
    }

    private DockerfileException unsupported(String operator) {
        return failure("unsupported modifier " + operator + " in " + DockerfileException.quote(raw));
    }

    private DockerfileException failure(String problem) {
        return new DockerfileException(source.position(), raw, problem);
    }
}
