package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values (RFC 4180), as docker's options with several parts are written. */
final class Csv {
    private Csv() {}

    /**
     * The fields; one that begins with a quote goes to its closing quote, a quote within is doubled.
     *
     * @throws Failure naming the option, when a quote is where none can be
     */
    static List<String> fields(String option, String line) {
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
        return new Failure("build: invalid " + option + " " + line + ": " + reason);
    }
}
