package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Filters;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.image.ImageName;
import dev.wherry.cli.view.Listing;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.ListContainersRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry ps}. */
@Command(
        customSynopsis = "wherry ps [OPTIONS]",
        description = "List containers.",
        footer = {
            "  wherry ps -a",
            "  wherry ps -q -f status=running -f label=team=web",
            "  wherry ps --format 'table {{.Names}}\\t{{.Status}}'",
        })
public final class ListContainers implements Callable<Integer> {
    private static final Set<String> FILTERS = Set.of("name", "status", "id", "label", "ancestor");

    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Also those that do not run")
    private boolean all;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only IDs")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Do not shorten IDs and commands")
    private boolean whole;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            description = "The last N created, in any state")
    private int last = -1;

    @Option(
            names = {"-l", "--latest"},
            description = "The last created, in any state")
    private boolean latest;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "Only those that match: name, status, id, label, ancestor")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--format", paramLabel = "TEMPLATE", description = "'table', 'json', or a Go template a row")
    private String format;

    public ListContainers(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Filters wanted = Filters.parse(filters, FILTERS);
        int limit = latest ? 1 : last;
        boolean inAnyState = all || limit > 0 || wanted.values().containsKey("status");
        ListContainersRequest request =
                ListContainersRequest.newBuilder().setAll(inAnyState).build();
        List<ContainerSummary> containers = session.daemon().containers().list(request).getContainersList().stream()
                .sorted(Comparator.comparingLong(ContainerSummary::getCreatedNanos)
                        .reversed())
                .filter(container -> matches(wanted, container))
                .limit(limit > 0 ? limit : Long.MAX_VALUE)
                .toList();
        ContainerRow row = new ContainerRow(whole, Instant.now());
        if (quiet && format == null) {
            containers.forEach(container -> session.console().out().println(row.id(container)));
        } else {
            Listing listing = new Listing(ContainerRow.HEADERS, ContainerRow.COLUMNS);
            session.console()
                    .out()
                    .print(listing.show(containers.stream().map(row::of).toList(), format));
        }
        return 0;
    }

    private static boolean matches(Filters wanted, ContainerSummary container) {
        return wanted.contains("name", container.getName())
                && wanted.matches("status", container.getState())
                && wanted.startsWith("id", container.getId())
                && wanted.matchesLabels(container.getLabelsMap())
                && (wanted.matches("ancestor", container.getImage())
                        || wanted.matches(
                                "ancestor", ImageName.of(container.getImage()).repository())
                        || wanted.startsWith("ancestor", container.getImageId())
                        || wanted.startsWith("ancestor", container.getImageId().replaceFirst("^sha256:", "")));
    }
}
