package dev.wherry.cli.command.container;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.ListContainersRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry ps}. */
@Command
public final class ListContainersCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Show all containers (default shows just running)")
    private boolean all;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only display container IDs")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            description = "Show the last N created containers (includes all states)")
    private int last = -1;

    @Option(
            names = {"-l", "--latest"},
            description = "Show the latest created container (includes all states)")
    private boolean latest;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "Filter output by name, status, id, label, ancestor, health, exited, before, since,"
                    + " network, volume, expose")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = {"-s", "--size"},
            description = "Display total file sizes")
    private boolean size;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each container")
    private String format;

    public ListContainersCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        ListContainersRequest request = ListContainersRequest.newBuilder()
                .setAll(all)
                .setLimit(latest ? 1 : Math.max(0, last))
                .setSize(size || format != null && format.contains(".Size"))
                .addAllFilters(FilterFlag.parse(filters))
                .build();
        List<ContainerSummary> containers =
                session.daemon().containers().list(request).getContainersList();
        ContainerRow row = new ContainerRow(whole, Instant.now());
        if (quiet && format == null) {
            containers.forEach(container -> session.console().out().println(row.id(container)));
        } else {
            List<String> columns = new ArrayList<>(ContainerRow.COLUMNS);
            if (size) {
                columns.add("Size");
            }
            session.console()
                    .out()
                    .print(new Listing(ContainerRow.HEADERS, columns)
                            .show(containers.stream().map(row::of).toList(), format));
        }
        return ExitStatus.SUCCESS;
    }
}
