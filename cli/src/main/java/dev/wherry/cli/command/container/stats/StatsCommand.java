package dev.wherry.cli.command.container.stats;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry stats}. */
@Command
public final class StatsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Show all containers (default shows just running)")
    private boolean all;

    @Option(names = "--no-stream", description = "Disable streaming stats and only pull the first result")
    private boolean once;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each container")
    private String format;

    @Parameters(paramLabel = "CONTAINER", arity = "0..*")
    private List<String> containers = new ArrayList<>();

    public StatsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return StatsDisplay.show(
                session,
                StatsRequest.newBuilder()
                        .addAllContainers(containers)
                        .setAll(all)
                        .setOnce(once)
                        .build(),
                this::text);
    }

    private String text(StatsResponse response) {
        return new Listing(StatsRow.HEADERS, StatsRow.COLUMNS)
                .show(
                        response.getContainersList().stream()
                                .map(container -> StatsRow.of(container, whole))
                                .toList(),
                        format);
    }
}
