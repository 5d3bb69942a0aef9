package dev.wherry.daemon.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** A part of a logical line and where it stands there. */
record Part(String text, int offset) {

    /** Splits at blanks, whatever is quoted. */
    List<Part> fields() {
        var fields = new ArrayList<Part>();
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || Text.isBlank(text.charAt(at))) {
                if (at > start) {
                    fields.add(sub(start, at));
                }
                start = at + 1;
            }
        }
        return fields;
    }

    /** Splits at spaces that are neither quoted nor escaped; quotes and escapes stay in the words. */
    List<Part> words(char escape) {
        var words = new ArrayList<Part>();
        int start = -1;
        char quote = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (start < 0) {
                if (Text.isSpace(c)) {
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
            } else if (Text.isSpace(c)) {
                words.add(sub(start, at));
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(sub(start, text.length()));
        }
        return words;
    }

    Part sub(int start, int end) {
        return new Part(text.substring(start, end), offset + start);
    }
}
