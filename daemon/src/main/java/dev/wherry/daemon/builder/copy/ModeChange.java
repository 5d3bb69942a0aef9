package dev.wherry.daemon.builder.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code --chmod} asks for, as in chmod(1): an octal number that replaces the mode, or clauses such as
 * {@code u=rwX,go=rX} that change the one a file has. A clause that names nobody is about everybody: BuildKit
 * applies no umask.
 *
 * @param text what was asked for; two of the same text do the same
 */
public record ModeChange(String text, List<Clause> clauses) {

    private static final int ALL = 07777;
    private static final int EVERYBODY = 06777;
    private static final int OTHERS = 0007;
    private static final int EXECUTE = 0111;
    private static final int STICKY = 01000;
    private static final int SET_IDS = 06000;

    /**
     * One operation.
     *
     * @param who the bits that it is about, which {@code =} clears
     * @param operation {@code +}, {@code -} or {@code =}
     * @param bits the permissions named, of which it changes those in {@code allowed}
     * @param executeIfSome {@code X}: execution for folders, and for files that somebody may execute
     * @param copied {@code u}, {@code g} or {@code o}: whose permissions are taken; 0 for nobody's
     */
    record Clause(int who, char operation, int bits, int allowed, boolean executeIfSome, char copied) {

        private int apply(int mode, int original, boolean isDirectory) {
            int value = bits;
            if (executeIfSome && (isDirectory || (original & EXECUTE) != 0)) {
                value |= EXECUTE;
            }
            if (copied != 0) {
                int three = mode >>> shift(copied) & 7;
                value |= three << 6 | three << 3 | three;
            }
            value &= allowed;
            return switch (operation) {
                case '+' -> mode | value;
                case '-' -> mode & ~value;
                default -> mode & ~who | value;
            };
        }

        private static int shift(char who) {
            return who == 'u' ? 6 : who == 'g' ? 3 : 0;
        }
    }

    public ModeChange {
        clauses = List.copyOf(clauses);
    }

    /** @throws IllegalArgumentException when it is neither a number up to 7777 nor a list of clauses */
    public static ModeChange parse(String text) {
        if (text.matches("[0-7]{1,7}")) {
            int mode = Integer.parseInt(text, 8);
            if (mode > ALL) {
                throw new IllegalArgumentException("it is larger than 7777");
            }
            return octal(mode);
        }
        return new ModeChange(text, new Parser(text).clauses());
    }

    static ModeChange octal(int mode) {
        return new ModeChange(Integer.toOctalString(mode), List.of(new Clause(ALL, '=', mode, ALL, false, '\0')));
    }

    /** The permissions that replace those of a file, when a number was asked for. */
    OptionalInt number() {
        Clause first = clauses.getFirst();
        return first.who() == ALL ? OptionalInt.of(first.bits()) : OptionalInt.empty();
    }

    /** The permissions of a file that had these. */
    int apply(int permissions, boolean isDirectory) {
        int mode = permissions;
        for (Clause clause : clauses) {
            mode = clause.apply(mode, permissions, isDirectory);
        }
        return mode;
    }

    private static final class Parser {

        private final String text;
        private final List<Clause> clauses = new ArrayList<>();
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Clause> clauses() {
            do {
                int who = who();
                do {
                    clauses.add(operation(who));
                } while (is("+-="));
            } while (accept(','));
            if (at < text.length()) {
                throw wrong();
            }
            return clauses;
        }

        private int who() {
            int who = 0;
            for (; is("ugoa"); at++) {
                who |= switch (text.charAt(at)) {
                    case 'u' -> 04700;
                    case 'g' -> 02070;
                    case 'o' -> OTHERS;
                    default -> EVERYBODY;
                };
            }
            return who;
        }

        private Clause operation(int who) {
            if (!is("+-=")) {
                throw wrong();
            }
            char operation = text.charAt(at++);
            int named = who == 0 ? EVERYBODY : who;
            int allowed = named;
            if (is("ugo")) {
                return new Clause(named, operation, 0, allowed, false, text.charAt(at++));
            }
            int bits = 0;
            boolean executeIfSome = false;
            for (; is("rwxXst"); at++) {
                switch (text.charAt(at)) {
                    case 'r' -> bits |= 0444;
                    case 'w' -> bits |= 0222;
                    case 'x' -> bits |= EXECUTE;
                    case 'X' -> executeIfSome = true;
                    case 's' -> bits |= SET_IDS;
                    default -> bits |= STICKY;
                }
            }
            // The sticky bit is nobody's in particular, but not the others'.
            int sticky = named == OTHERS ? 0 : bits & STICKY;
            return new Clause(named, operation, bits, allowed | sticky, executeIfSome, '\0');
        }

        private boolean is(String characters) {
            return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
        }

        private boolean accept(char c) {
            boolean found = at < text.length() && text.charAt(at) == c;
            at += found ? 1 : 0;
            return found;
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException(
                    at == text.length()
                            ? "it ends where an operation belongs"
                            : "'" + text.charAt(at) + "' is out of place");
        }
    }
}
