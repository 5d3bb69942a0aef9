package dev.wherry.daemon.builder.dockerfile.word;

import java.util.ArrayList;
import java.util.List;

/** Finds which variables a word uses, without their values. */
public final class VariableNames {

    private VariableNames() {}

    /** The names after a {@code $} that is neither escaped nor within single quotes, in order. */
    public static List<String> in(Word word) {
        return in(word.raw(), word.escape(), false);
    }

    /** The same of a here-document, where quotes are text. */
    public static List<String> inDocument(String body, char escape) {
        return in(body, escape, true);
    }

    private static List<String> in(String raw, char escape, boolean document) {
        if (raw.indexOf('$') < 0) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        boolean quoted = false;
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == escape) {
                at++;
            } else if (c == '"' && !document) {
                quoted = !quoted;
            } else if (c == '\'' && !quoted && !document) {
                int close = raw.indexOf('\'', at + 1);
                at = close < 0 ? raw.length() : close;
            } else if (c == '$') {
                int start = at + 1 < raw.length() && raw.charAt(at + 1) == '{' ? at + 2 : at + 1;
                int end = endOfName(raw, start);
                if (end > start) {
                    names.add(raw.substring(start, end));
                }
                at = Math.max(at, end - 1);
            }
        }
        return names;
    }

    /** Names that programs can have; the shell's own, such as {@code $1}, are none. */
    private static int endOfName(String raw, int start) {
        int end = start;
        while (end < raw.length() && (isLetter(raw.charAt(end)) || end > start && isDigit(raw.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
