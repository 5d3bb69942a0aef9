package dev.wherry.cli.command;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.view.Failure;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import java.util.ArrayList;
import java.util.List;

/** Prints what the daemon knows of some things: a JSON array, or what a template makes of each. */
public final class InspectOutput {
    /** Asks the daemon for one thing as JSON. */
    @FunctionalInterface
    public interface Lookup {
        String json(String name);
    }

    private InspectOutput() {}

    /**
     * Prints those that are found, then the errors of those that are not.
     *
     * @param format a template, {@code json}, or {@code null} for the array
     * @return exit code: 1 when one was not found
     */
    public static int print(Session session, List<String> names, String format, Lookup lookup) {
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
                    // Programs get what is there; people do not want their terminals to obey it.
                    boolean seen = session.console().outIsTerminal();
                    session.console().out().println(seen ? TerminalText.escapedLines(text) : text);
                }
            } catch (RuntimeException e) {
                failures.add(CallFailures.of(e, session.address()));
            }
        }
        if (template == null) {
            boolean compact = "json".equals(format);
            session.console().out().println(compact ? JsonValues.compact(found) : JsonValues.indented(found));
        }
        session.console().out().flush();
        failures.forEach(failure -> session.console().error(failure.getMessage()));
        return failures.isEmpty() ? 0 : 1;
    }
}
