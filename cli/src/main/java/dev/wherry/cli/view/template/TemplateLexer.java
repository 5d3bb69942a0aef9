package dev.wherry.cli.view.template;

import dev.wherry.cli.view.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a template into tokens; trim marks and comments are gone afterwards. */
final class TemplateLexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private TemplateLexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        TemplateLexer lexer = new TemplateLexer(source);
        lexer.text();
        lexer.tokens.add(new Token(Kind.END, "", false));
        return lexer.tokens;
    }

    private void text() {
        boolean trim = false;
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            int end = open < 0 ? source.length() : open;
            String text = source.substring(at, end);
            if (trim) {
                text = text.stripLeading();
            }
            boolean trimBefore = open >= 0 && isLeftTrim(open + 2);
            if (trimBefore) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                tokens.add(new Token(Kind.TEXT, text, false));
            }
            if (open < 0) {
                return;
            }
            at = open + (trimBefore ? 3 : 2);
            trim = source.startsWith("/*", skipSpace(at)) ? comment() : action();
        }
    }

    private boolean isLeftTrim(int index) {
        return source.startsWith("-", index) && index + 1 < source.length() && isSpace(source.charAt(index + 1));
    }

    private boolean comment() {
        int end = source.indexOf("*/", at);
        if (end < 0) {
            throw new TemplateException("unclosed comment");
        }
        at = skipSpace(end + 2);
        boolean trim = source.startsWith("-}}", at);
        at += trim ? 1 : 0;
        if (!source.startsWith("}}", at)) {
            throw new TemplateException("comment ends before closing delimiter");
        }
        at += 2;
        return trim;
    }

    /** Reads up to the closing braces; returns whether they trim the text after them. */
    private boolean action() {
        tokens.add(new Token(Kind.OPEN, "", false));
        while (true) {
            int start = at;
            at = skipSpace(at);
            boolean spaced = at > start;
            if (at >= source.length()) {
                throw new TemplateException("unclosed action");
            }
            boolean trim = spaced && source.startsWith("-}}", at);
            if (trim || source.startsWith("}}", at)) {
                at += trim ? 3 : 2;
                tokens.add(new Token(Kind.CLOSE, "", spaced));
                return trim;
            }
            tokens.add(token(spaced));
        }
    }

    private Token token(boolean spaced) {
        char c = source.charAt(at);
        return switch (c) {
            case '|' -> symbol(Kind.PIPE, 1, spaced);
            case ',' -> symbol(Kind.COMMA, 1, spaced);
            case '(' -> symbol(Kind.LEFT, 1, spaced);
            case ')' -> symbol(Kind.RIGHT, 1, spaced);
            case '=' -> symbol(Kind.ASSIGN, 1, spaced);
            case ':' -> {
                if (!source.startsWith(":=", at)) {
                    throw new TemplateException("expected :=");
                }
                yield symbol(Kind.DECLARE, 2, spaced);
            }
            case '"', '`', '\'' -> quoted(c, spaced);
            case '$' -> {
                at++;
                yield new Token(Kind.VARIABLE, name(), spaced);
            }
            case '.' -> {
                if (at + 1 < source.length() && Character.isDigit(source.charAt(at + 1))) {
                    yield number(spaced);
                }
                at++;
                String name = name();
                yield new Token(name.isEmpty() ? Kind.DOT : Kind.FIELD, name, spaced);
            }
            default -> {
                if (Character.isDigit(c) || (c == '-' || c == '+') && at + 1 < source.length()) {
                    yield number(spaced);
                }
                String name = name();
                if (name.isEmpty()) {
                    throw new TemplateException("unexpected " + Quotes.quoted(String.valueOf(c)) + " in action");
                }
                yield new Token(Kind.NAME, name, spaced);
            }
        };
    }

    private Token symbol(Kind kind, int length, boolean spaced) {
        at += length;
        return new Token(kind, "", spaced);
    }

    private Token number(boolean spaced) {
        int start = at++;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '.')) {
            at++;
        }
        return new Token(Kind.NUMBER, source.substring(start, at), spaced);
    }

    private String name() {
        int start = at;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        return source.substring(start, at);
    }

    private Token quoted(char quote, boolean spaced) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            if (source.charAt(end) == '\n' && quote != '`') {
                break;
            }
            end += source.charAt(end) == '\\' && quote != '`' ? 2 : 1;
        }
        if (end >= source.length() || source.charAt(end) != quote) {
            throw new TemplateException("unterminated quoted string");
        }
        String raw = source.substring(at + 1, end);
        at = end + 1;
        return switch (quote) {
            case '`' -> new Token(Kind.STRING, raw, spaced);
            case '"' -> new Token(Kind.STRING, Quotes.unquoted(raw), spaced);
            default -> new Token(Kind.CHARACTER, Quotes.unquoted(raw), spaced);
        };
    }

    private int skipSpace(int index) {
        int i = index;
        while (i < source.length() && isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
