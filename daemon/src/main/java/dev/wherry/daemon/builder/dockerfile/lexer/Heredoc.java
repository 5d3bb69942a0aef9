package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A here-document.
 *
 * @param name the word that ends it, without its quotes
 * @param offset where its {@code <<} word stands in the logical line
 * @param end where that word ends
 * @param fileDescriptor what a RUN reads it from
 * @param expands whether its body undergoes substitution: its name has no quotes
 * @param stripsTabs whether tabs that begin a line are left out ({@code <<-})
 * @param body the lines up to the one that is the name, each with its line end
 */
public record Heredoc(
        String name, int offset, int end, int fileDescriptor, boolean expands, boolean stripsTabs, String body) {

    private static final Pattern LEADING_TABS = Pattern.compile("(?m)^\t+");
    private static final Set<String> KEYWORDS = Set.of("RUN", "COPY", "ADD");

    /** Which here-documents the lines after an instruction hold, in order, their bodies still empty. */
    static List<Heredoc> announcedBy(String line) {
        if (!line.contains("<<")) {
            return List.of();
        }
        int keyword = 0;
        if (startsWithKeyword(line, 0, "ONBUILD")) {
            keyword = Whitespace.skipSpace(line, "ONBUILD".length());
        }
        int start = keyword;
        if (KEYWORDS.stream().noneMatch(word -> startsWithKeyword(line, start, word))) {
            return List.of();
        }
        var found = new ArrayList<Heredoc>();
        for (int at = 0; at < line.length(); ) {
            int begin = Whitespace.skipSpace(line, at);
            int end = wordEnd(line, begin);
            if (end < 0) {
                // A quote that never closes: the shell will complain, and nothing here is a here-document.
                return List.of();
            }
            Heredoc heredoc = of(line.substring(begin, end), begin);
            if (heredoc != null) {
                found.add(heredoc);
            }
            at = end;
        }
        return found;
    }

    Heredoc withBody(String lines) {
        return new Heredoc(name, offset, end, fileDescriptor, expands, stripsTabs, lines);
    }

    /** The body as it is read: without the tabs that begin lines where the document wants none. */
    public String content() {
        return stripsTabs ? LEADING_TABS.matcher(body).replaceAll("") : body;
    }

    /** The same document announced elsewhere in a line. */
    Heredoc movedBy(int distance) {
        return new Heredoc(name, offset + distance, end + distance, fileDescriptor, expands, stripsTabs, body);
    }

    /** Whether a physical line ends this document. */
    boolean endsWith(String physicalLine) {
        int start = 0;
        while (stripsTabs && start < physicalLine.length() && physicalLine.charAt(start) == '\t') {
            start++;
        }
        int end = physicalLine.length();
        while (end > start && (physicalLine.charAt(end - 1) == '\n' || physicalLine.charAt(end - 1) == '\r')) {
            end--;
        }
        return physicalLine.substring(start, end).equals(name);
    }

    private static boolean startsWithKeyword(String line, int at, String keyword) {
        int end = at + keyword.length();
        return line.regionMatches(true, at, keyword, 0, keyword.length())
                && end < line.length()
                && Whitespace.isBlank(line.charAt(end));
    }

    /** The end of a word: the first space that is neither quoted nor escaped; -1 where a quote stays open. */
    private static int wordEnd(String line, int from) {
        char quote = 0;
        for (int at = from; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\\' && quote != '\'') {
                at++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (Whitespace.isSpace(c)) {
                return at;
            }
        }
        return quote == 0 ? line.length() : -1;
    }

    /** Reads {@code [descriptor]<<[-]name}; null for any other word. */
    private static Heredoc of(String word, int offset) {
        int digits = 0;
        while (digits < word.length() && digits < 9 && word.charAt(digits) >= '0' && word.charAt(digits) <= '9') {
            digits++;
        }
        if (!word.startsWith("<<", digits)) {
            return null;
        }
        boolean stripsTabs = word.startsWith("-", digits + 2);
        String quoted = word.substring(digits + (stripsTabs ? 3 : 2));
        if (quoted.isEmpty() || quoted.indexOf('<') >= 0) {
            return null;
        }
        String name = unquote(quoted);
        if (name.isEmpty()) {
            return null;
        }
        int descriptor = digits == 0 ? 0 : Integer.parseInt(word.substring(0, digits));
        boolean expands = quoted.indexOf('\'') < 0 && quoted.indexOf('"') < 0;
        return new Heredoc(name, offset, offset + word.length(), descriptor, expands, stripsTabs, "");
    }

    private static String unquote(String word) {
        var name = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\' && quote == 0) {
                i++;
                if (i < word.length()) {
                    name.append(word.charAt(i));
                }
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
