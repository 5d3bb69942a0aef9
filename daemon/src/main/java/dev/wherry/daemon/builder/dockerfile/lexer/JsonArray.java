package dev.wherry.daemon.builder.dockerfile.lexer;

import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON form of arguments. Text that is not one valid JSON array is not in this form, and is then taken as it is.
 *
 * @param strings the elements
 * @param onlyStrings false when the array is valid but holds anything else
 */
public record JsonArray(List<String> strings, boolean onlyStrings) {

    public static Optional<JsonArray> parse(String text) {
        int start = Whitespace.skipSpace(text, 0);
        if (start == text.length() || text.charAt(start) != '[') {
            return Optional.empty();
        }
        try {
            return Optional.of(new Reader(text, start).read());
        } catch (NotJson _) {
            return Optional.empty();
        }
    }

    private static final class NotJson extends RuntimeException {
        NotJson() {
            super(null, null, false, false);
        }
    }

    /** A validating reader (RFC 8259). */
    private static final class Reader {
        private static final int MAX_DEPTH = 100;

        private final String text;
        private int at;

        Reader(String text, int at) {
            this.text = text;
            this.at = at;
        }

        JsonArray read() {
            var strings = new ArrayList<String>();
            boolean onlyStrings = true;
            at++;
            skipSpace();
            if (!take(']')) {
                do {
                    skipSpace();
                    if (peek() == '"') {
                        strings.add(string());
                    } else {
                        value(1);
                        onlyStrings = false;
                    }
                    skipSpace();
                } while (take(','));
                expect(']');
            }
            skipSpace();
            if (at < text.length()) {
                throw new NotJson();
            }
            return new JsonArray(strings, onlyStrings);
        }

        private void value(int depth) {
            if (depth > MAX_DEPTH) {
                throw new NotJson();
            }
            skipSpace();
            switch (peek()) {
                case '"' -> string();
                case '[' -> elements(depth, ']', false);
                case '{' -> elements(depth, '}', true);
                case 't' -> literal("true");
                case 'f' -> literal("false");
                case 'n' -> literal("null");
                default -> number();
            }
            skipSpace();
        }

        private void elements(int depth, char close, boolean named) {
            at++;
            skipSpace();
            if (take(close)) {
                return;
            }
            do {
                if (named) {
                    skipSpace();
                    string();
                    skipSpace();
                    expect(':');
                }
                value(depth + 1);
            } while (take(','));
            expect(close);
        }

        private void literal(String word) {
            if (!text.startsWith(word, at)) {
                throw new NotJson();
            }
            at += word.length();
        }

        private void number() {
            take('-');
            if (!take('0')) {
                digits();
            }
            if (take('.')) {
                digits();
            }
            if (take('e') || take('E')) {
                if (!take('+')) {
                    take('-');
                }
                digits();
            }
        }

        private void digits() {
            int start = at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            if (at == start) {
                throw new NotJson();
            }
        }

        private String string() {
            expect('"');
            var value = new StringBuilder();
            while (!take('"')) {
                int c = peek();
                if (c < 0x20) {
                    throw new NotJson();
                }
                at++;
                value.append(c == '\\' ? escaped() : (char) c);
            }
            return wellFormed(value.toString());
        }

        /** Escapes can name half of a surrogate pair, which no UTF-8 text can hold. */
        private static String wellFormed(String value) {
            return value.codePoints()
                    .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }

        private char escaped() {
            int c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> (char) c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> unicode();
                default -> throw new NotJson();
            };
        }

        private char unicode() {
            int value = 0;
            for (int i = 0; i < 4; i++) {
                int digit = peek() > 0x7F ? -1 : Character.digit(peek(), 16);
                if (digit < 0) {
                    throw new NotJson();
                }
                value = value << 4 | digit;
                at++;
            }
            return (char) value;
        }

        private void skipSpace() {
            while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
                at++;
            }
        }

        private boolean take(char c) {
            if (peek() != c) {
                return false;
            }
            at++;
            return true;
        }

        private void expect(char c) {
            if (!take(c)) {
                throw new NotJson();
            }
        }

        private int peek() {
            return at < text.length() ? text.charAt(at) : -1;
        }
    }
}
