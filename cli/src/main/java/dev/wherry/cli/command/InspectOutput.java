package dev.wherry.cli.command;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import java.util.ArrayList;
import java.util.List;

/** Prints inspected objects: as one JSON array, or each by a template. */
public final class InspectOutput {
    /** Asks the daemon for one object as JSON. */
    @FunctionalInterface
    public interface Lookup {
        String json(String name);
    }

    private InspectOutput() {}

    /**
     * Prints the objects that were found, then an error for each of the others.
     *
     * @param format a template, {@code json}, or {@code null} for the array
     * @return a failure if one was not found
     */
    public static ExitStatus print(Session session, List<String> names, String format, Lookup lookup) {
        Template template = format == null || format.isEmpty() || format.equals("json") ? null : Template.parse(format);
        List<Object> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String name : names) {
            try {
                Object value = JsonValues.parse(lookup.json(name));
                if (template == null) {
                    found.add(value);
                } else {
                    String text = template.apply(value);
                    // Programs get the text as it is; a terminal must not obey control characters in it.
                    boolean seen = session.console().outIsTerminal();
                    session.console().out().println(seen ? TerminalText.escapedLines(text) : text);
                }
            } catch (RuntimeException e) {
                failures.add(session.failure(e));
            }
        }
        if (template == null) {
            boolean compact = "json".equals(format);
            session.console().out().println(compact ? JsonValues.compact(found) : JsonValues.indented(found));
        }
        session.console().out().flush();
        failures.forEach(failure -> session.console().error(failure.getMessage()));
        return failures.isEmpty() ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    }
}
