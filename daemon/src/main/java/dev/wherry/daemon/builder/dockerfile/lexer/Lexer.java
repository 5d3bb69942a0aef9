package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.SourceLines;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first stage: physical lines to logical lines (Dockerfile reference, "Format", "Parser directives", "escape" and
 * "Here-Documents"). It knows just enough of the language to tell where a here-document follows.
 */
public final class Lexer {

    private static final int MAX_INSTRUCTIONS = 10_000;

    private final String file;
    private final SourceLines lines;
    private final Map<String, String> directives = new HashMap<>();
    private char escape = '\\';

    public Lexer(String file, byte[] bytes) {
        this.file = file;
        this.lines = new SourceLines(file, bytes);
    }

    /** All logical lines; {@link #directives()} is complete afterwards. */
    public List<LogicalLine> read() {
        var logical = new ArrayList<LogicalLine>();
        boolean directivesPossible = true;
        List<String> comments = List.of();
        while (lines.hasNext()) {
            String line = lines.read();
            directivesPossible = directivesPossible && readDirective(line);
            if (directivesPossible) {
                continue;
            }
            if (SourceLines.isComment(line)) {
                comments = withComment(comments, line);
                continue;
            }
            var builder = new LogicalLine.Builder(file, comments);
            comments = List.of();
            join(line, builder);
            if (!builder.isEmpty()) {
                List<Heredoc> heredocs = readHeredocs(builder);
                logical.add(builder.build(lines.number(), heredocs));
            }
            if (logical.size() > MAX_INSTRUCTIONS) {
                throw new DockerfileException(
                        lines.at(1), line, "the file has more than " + MAX_INSTRUCTIONS + " instructions");
            }
        }
        return logical;
    }

    private static List<String> withComment(List<String> before, String line) {
        String comment = Whitespace.trim(line.substring(line.indexOf('#') + 1));
        if (comment.isEmpty()) {
            return List.of();
        }
        List<String> comments = before.isEmpty() ? new ArrayList<>() : before;
        comments.add(comment);
        return comments;
    }

    public Directives directives() {
        return new Directives(
                escape, Optional.ofNullable(directives.get("syntax")), Optional.ofNullable(directives.get("check")));
    }

    /** Reads {@code # name=value}; false at the first line that is none, after which all are comments. */
    private boolean readDirective(String line) {
        int hash = Whitespace.skipSpace(line, 0);
        int equals = line.indexOf('=', hash);
        if (equals < 0 || line.charAt(hash) != '#') {
            return false;
        }
        String name = Whitespace.trim(line.substring(hash + 1, equals)).toLowerCase(Locale.ROOT);
        String value = Whitespace.trim(line.substring(equals + 1));
        boolean known = name.equals("escape") || name.equals("syntax") || name.equals("check");
        if (!known || value.isEmpty()) {
            return false;
        }
        if (directives.put(name, value) != null) {
            throw new DockerfileException(lines.at(hash + 1), line, "the directive " + name + " is given twice");
        }
        if (name.equals("escape")) {
            if (!value.equals("\\") && !value.equals("`")) {
                throw new DockerfileException(
                        lines.at(hash + 1),
                        line,
                        "the escape character is \\ or `, not " + DockerfileException.quote(value));
            }
            escape = value.charAt(0);
        }
        return true;
    }

    /** Joins a line and those it continues on. Comments and empty lines in between do not end the instruction. */
    private void join(String first, LogicalLine.Builder builder) {
        int end = continuation(first);
        builder.add(end < 0 ? first : first.substring(0, end), lines.number(), 1);
        boolean empty = false;
        while (end >= 0 && lines.hasNext()) {
            String line = lines.read();
            if (SourceLines.isComment(line)) {
                continue;
            }
            if (Whitespace.skipSpace(line, 0) == line.length()) {
                empty = true;
                continue;
            }
            end = continuation(line);
            builder.add(end < 0 ? line : line.substring(0, end), lines.number(), 1);
        }
        if (empty) {
            // Where BuildKit reports it.
            builder.emptyUntil(lines.number());
        }
    }

    /** Where a line's continuation character stands, or -1. A doubled one is an escaped character and ends no line. */
    private int continuation(String line) {
        int last = line.length() - 1;
        while (last >= 0 && (line.charAt(last) == ' ' || line.charAt(last) == '\t')) {
            last--;
        }
        boolean continues = last >= 0 && line.charAt(last) == escape && (last == 0 || line.charAt(last - 1) != escape);
        return continues ? last : -1;
    }

    private List<Heredoc> readHeredocs(LogicalLine.Builder builder) {
        var read = new ArrayList<Heredoc>();
        for (Heredoc heredoc : Heredoc.announcedBy(builder.text())) {
            int line = lines.number();
            var body = new StringBuilder();
            boolean ended = false;
            while (!ended && lines.hasNext()) {
                String text = lines.readBody();
                ended = heredoc.endsWith(text);
                if (!ended) {
                    body.append(text);
                }
            }
            if (!ended) {
                throw new DockerfileException(
                        builder.build(line, List.of()).position(heredoc.offset()),
                        heredoc.name(),
                        "the here-document " + DockerfileException.quote(heredoc.name()) + " is never ended");
            }
            read.add(heredoc.withBody(body.toString()));
        }
        return read;
    }
}
