package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values (RFC 4180), the form of docker's flags that have several fields. */
public final class Csv {
    private Csv() {}

    /**
     * The fields; a field that begins with a quote ends at the closing quote, and a quote in it is doubled.
     *
     * @throws Failure if a quote is misplaced
     */
    public static List<String> fields(String option, String line) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder field = new StringBuilder();
            at = line.startsWith("\"", at) ? quoted(option, line, at + 1, field) : plain(option, line, at, field);
            fields.add(field.toString());
            if (at == line.length()) {
                return fields;
            }
            // The comma.
            at++;
        }
    }

    private static int plain(String option, String line, int start, StringBuilder field) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        String text = line.substring(start, end);
        if (text.indexOf('"') >= 0) {
            throw wrong(option, line, "a field with a quote in it must begin with one");
        }
        field.append(text);
        return end;
    }

    private static int quoted(String option, String line, int start, StringBuilder field) {
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c != '"') {
                field.append(c);
                at++;
            } else if (line.startsWith("\"\"", at)) {
                field.append('"');
                at += 2;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                throw wrong(option, line, "after a closing quote comes a comma");
            }
        }
        throw wrong(option, line, "a quote is not closed");
    }

    private static Failure wrong(String option, String line, String reason) {
        return new Failure("invalid " + option + " " + line + ": " + reason);
    }
}
