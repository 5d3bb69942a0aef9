package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.List;

/** A part of a logical line and where it stands there. */
public record TextSpan(String text, int offset) {

    /** Splits at blanks, whatever is quoted. */
    public List<TextSpan> fields() {
        var fields = new ArrayList<TextSpan>();
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || Whitespace.isBlank(text.charAt(at))) {
                if (at > start) {
                    fields.add(sub(start, at));
                }
                start = at + 1;
            }
        }
        return fields;
    }

    /** Splits at spaces that are neither quoted nor escaped; quotes and escapes stay in the words. */
    public List<TextSpan> words(char escape) {
        var words = new ArrayList<TextSpan>();
        int start = -1;
        char quote = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (start < 0) {
                if (Whitespace.isSpace(c)) {
                    continue;
                }
                start = at;
            }
            if (c == escape && quote != '\'') {
                at++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (Whitespace.isSpace(c)) {
                words.add(sub(start, at));
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(sub(start, text.length()));
        }
        return words;
    }

    public TextSpan sub(int start, int end) {
        return new TextSpan(text.substring(start, end), offset + start);
    }
}
