package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A logical line taken apart: {@code KEYWORD --flag=value … arguments}.
 *
 * @param keyword as it is written
 * @param flags words that begin with two dashes, without their quotes
 * @param arguments the rest, without white space at its ends
 */
public record Statement(LogicalLine line, char escape, String keyword, List<TextSpan> flags, TextSpan arguments) {

    public static Statement of(LogicalLine line, char escape) {
        String text = line.text();
        int end = 0;
        while (end < text.length() && !Whitespace.isBlank(text.charAt(end))) {
            end++;
        }
        var flags = new ArrayList<TextSpan>();
        int at = readFlags(text, Whitespace.skipSpace(text, end), flags);
        int start = Whitespace.skipSpace(text, at);
        return new Statement(
                line, escape, text.substring(0, end), List.copyOf(flags), new TextSpan(text.substring(start), start));
    }

    /** Reads flags and answers where the arguments begin; two dashes alone end the flags. */
    private static int readFlags(String text, int from, List<TextSpan> flags) {
        int at = from;
        while (text.startsWith("--", at)) {
            int start = at;
            var word = new StringBuilder();
            at = readFlag(text, at, word);
            if (word.toString().equals("--")) {
                return at;
            }
            flags.add(new TextSpan(word.toString(), start));
            at = Whitespace.skipSpace(text, at);
        }
        return at;
    }

    private static int readFlag(String text, int from, StringBuilder word) {
        char quote = 0;
        int at = from;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
                if (at < text.length()) {
                    word.append(text.charAt(at));
                }
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (Whitespace.isSpace(c)) {
                break;
            } else {
                word.append(c);
            }
        }
        return Math.min(at, text.length());
    }

    public Position position() {
        return line.position();
    }

    /** The text with its keyword in capitals. */
    public String source() {
        return keyword.toUpperCase(Locale.ROOT) + line.text().substring(keyword.length());
    }

    public Word word(TextSpan part) {
        return new Word(part.text(), escape, line.position(part.offset()));
    }

    public HereDocument document(Heredoc heredoc) {
        return new HereDocument(
                heredoc.name(), heredoc.content(), heredoc.expands(), escape, line.position(heredoc.offset()));
    }

    public List<Word> words(List<TextSpan> parts) {
        return parts.stream().map(this::word).toList();
    }

    /** A problem with the instruction as a whole. */
    public DockerfileException problem(String message) {
        return new DockerfileException(line.position(), line.text(), message);
    }

    /** A problem with a part of it. */
    public DockerfileException problem(TextSpan part, String message) {
        return new DockerfileException(line.position(part.offset()), part.text(), message);
    }
}
