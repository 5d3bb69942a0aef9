package dev.wherry.cli.view.template;

/**
 * A piece of a template.
 *
 * @param text the text itself; of a string or character its value, of a field or variable its name without mark
 * @param spaced whether white space stands before it, which separates arguments
 */
record Token(Kind kind, String text, boolean spaced) {
    enum Kind {
        TEXT,
        OPEN,
        CLOSE,
        FIELD,
        VARIABLE,
        DOT,
        NAME,
        STRING,
        CHARACTER,
        NUMBER,
        PIPE,
        COMMA,
        DECLARE,
        ASSIGN,
        LEFT,
        RIGHT,
        END
    }
}
