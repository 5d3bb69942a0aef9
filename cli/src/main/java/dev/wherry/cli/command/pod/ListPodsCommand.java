package dev.wherry.cli.command.pod;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.Method;
import dev.wherry.v1.ListPodsRequest;
import dev.wherry.v1.PodContainer;
import dev.wherry.v1.PodSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry pod ls}. */
@Command
public final class ListPodsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description =
                    "Filter output: id=ID, name=PATTERN, namespace=NAME, status=ready|notready," + " label=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each pod")
    private String format;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only display pod IDs")
    private boolean quiet;

    public ListPodsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        ListPodsRequest request = ListPodsRequest.newBuilder()
                .addAllFilters(FilterFlag.parse(filters))
                .build();
        List<Map<String, Object>> rows = session.daemon().pods().list(request).getPodsList().stream()
                .map(this::row)
                .toList();
        if (quiet && format == null) {
            rows.forEach(row -> session.console().out().println(row.get("ID")));
            return ExitStatus.SUCCESS;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ID", "POD ID");
        headers.put("Name", "NAME");
        headers.put("Namespace", "NAMESPACE");
        headers.put("Status", "STATUS");
        headers.put("Created", "CREATED");
        headers.put("CreatedAt", "CREATED AT");
        headers.put("Containers", "CONTAINERS");
        headers.put("Labels", "LABELS");
        session.console()
                .out()
                .print(new Listing(headers, List.of("ID", "Name", "Namespace", "Status", "Created", "Containers"))
                        .show(rows, format));
        return ExitStatus.SUCCESS;
    }

    private Map<String, Object> row(PodSummary pod) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Containers", containers(pod));
        row.put("Created", Units.ago(pod.getCreatedNanos(), Instant.now()));
        row.put("CreatedAt", Units.timestamp(pod.getCreatedNanos()));
        row.put("ID", whole ? pod.getId() : TerminalText.shortId(pod.getId()));
        row.put("Labels", KeyValues.shown(pod.getLabelsMap(), ","));
        row.put("Label", (Method) key -> pod.getLabelsOrDefault(key, ""));
        row.put("Name", pod.getName());
        row.put("Namespace", pod.getNamespace());
        row.put("Status", pod.getState());
        return row;
    }

    /** Those that run, of all that there are. */
    private static String containers(PodSummary pod) {
        long running = pod.getContainersList().stream()
                .map(PodContainer::getState)
                .filter("running"::equals)
                .count();
        return running + "/" + pod.getContainersCount();
    }
}
