package dev.wherry.cli.command.network;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.Method;
import dev.wherry.v1.ListNetworksRequest;
import dev.wherry.v1.NetworkSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry network ls}. */
@Command
public final class ListNetworksCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "Filter output: driver=NAME, id=ID, name=PATTERN, label=KEY[=VALUE], type=custom|builtin,"
                    + " dangling=true, scope=local")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each network")
    private String format;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only display network IDs")
    private boolean quiet;

    public ListNetworksCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        ListNetworksRequest request = ListNetworksRequest.newBuilder()
                .addAllFilters(FilterFlag.parse(filters))
                .build();
        List<Map<String, Object>> rows = session.daemon().networks().list(request).getNetworksList().stream()
                .map(this::row)
                .toList();
        if (quiet && format == null) {
            rows.forEach(row -> session.console().out().println(row.get("ID")));
            return ExitStatus.SUCCESS;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ID", "NETWORK ID");
        headers.put("Name", "NAME");
        headers.put("Driver", "DRIVER");
        headers.put("Scope", "SCOPE");
        headers.put("IPv4", "IPV4");
        headers.put("IPv6", "IPV6");
        headers.put("Internal", "INTERNAL");
        headers.put("Labels", "LABELS");
        headers.put("CreatedAt", "CREATED AT");
        session.console()
                .out()
                .print(new Listing(headers, List.of("ID", "Name", "Driver", "Scope")).show(rows, format));
        return ExitStatus.SUCCESS;
    }

    private Map<String, Object> row(NetworkSummary network) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("CreatedAt", Units.timestamp(network.getCreatedNanos()));
        row.put("Driver", network.getDriver());
        row.put("ID", whole ? network.getId() : TerminalText.shortId(network.getId()));
        row.put("IPv4", Boolean.toString(network.getIpv4()));
        row.put("IPv6", Boolean.toString(network.getIpv6()));
        row.put("Internal", Boolean.toString(network.getInternal()));
        row.put("Labels", KeyValues.shown(network.getLabelsMap(), ","));
        row.put("Label", (Method) key -> network.getLabelsOrDefault(key, ""));
        row.put("Name", network.getName());
        row.put("Scope", network.getScope());
        return row;
    }
}
