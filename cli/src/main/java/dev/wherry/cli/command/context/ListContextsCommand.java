package dev.wherry.cli.command.context;

import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.command.DaemonSelection;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry context ls}. */
@Command
public final class ListContextsCommand implements Callable<ExitStatus> {
    /** As docker's: the mark of the current context follows its name. */
    private static final String TABLE =
            "table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}";

    private final Session session;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each context")
    private String format;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only show context names")
    private boolean quiet;

    public ListContextsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DaemonSelection selection = session.selection();
        String current = selection.contextName();
        List<Map<String, Object>> rows = rows(selection, current);
        if (quiet) {
            rows.forEach(row -> session.console().out().println(row.get("Name")));
            return ExitStatus.SUCCESS;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        // In the heading no context is the current one.
        headers.put("Current", "");
        headers.put("Name", "NAME");
        headers.put("Description", "DESCRIPTION");
        headers.put("DockerEndpoint", "DOCKER ENDPOINT");
        headers.put("Error", "ERROR");
        boolean table = format == null || format.isBlank() || format.equals("table");
        session.console().out().print(new Listing(headers, List.of()).show(rows, table ? TABLE : format));
        session.console().out().flush();
        if (current.equals(DaemonContext.DEFAULT) && selection.environmentNamesHost()) {
            session.console()
                    .err()
                    .println("Warning: WHERRY_HOST environment variable overrides the active context. To use a context,"
                            + " either set the global --context flag, or unset WHERRY_HOST environment variable.");
        }
        return ExitStatus.SUCCESS;
    }

    private static List<Map<String, Object>> rows(DaemonSelection selection, String current) {
        DaemonContexts contexts = selection.contexts();
        List<String> names = new ArrayList<>(contexts.names());
        if (!current.equals(DaemonContext.DEFAULT) && !names.contains(current)) {
            names.add(current);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(row(
                DaemonContext.DEFAULT,
                current,
                "Current WHERRY_HOST based configuration",
                selection.defaultHost(),
                ""));
        names.forEach(name -> rows.add(row(contexts, name, current)));
        return rows;
    }

    private static Map<String, Object> row(DaemonContexts contexts, String name, String current) {
        try {
            DaemonContext context = contexts.get(name);
            return row(name, current, context.description(), context.host(), error(contexts, name));
        } catch (Failure failure) {
            return row(name, current, "", "", failure.getMessage());
        }
    }

    private static String error(DaemonContexts contexts, String name) {
        try {
            contexts.address(name);
            return "";
        } catch (Failure failure) {
            return failure.getMessage();
        }
    }

    private static Map<String, Object> row(String name, String current, String description, String host, String error) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Current", name.equals(current));
        row.put("Description", description);
        row.put("DockerEndpoint", host);
        row.put("Error", error);
        row.put("Name", name);
        return row;
    }
}
