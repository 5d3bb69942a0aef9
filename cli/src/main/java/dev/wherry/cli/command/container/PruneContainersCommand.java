package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneContainersRequest;
import dev.wherry.v1.PruneContainersResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry container prune}. */
@Command
public final class PruneContainersCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune containers that match: until=24h, label=KEY[=VALUE], label!=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    public PruneContainersCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        List<Filter> chosen = FilterFlag.parse(filters);
        if (!force && !Confirmation.given(session.console(), "all stopped containers")) {
            return ExitStatus.FAILURE;
        }
        PruneOutput.reclaimed(session.console(), prune(session, chosen));
        return ExitStatus.SUCCESS;
    }

    /**
     * Prunes, and lists what was removed.
     *
     * @return bytes freed
     */
    public static long prune(Session session, List<Filter> filters) {
        PruneContainersResponse response = session.daemon()
                .containers()
                .prune(PruneContainersRequest.newBuilder()
                        .addAllFilters(filters)
                        .build());
        PruneOutput.removed(session.console(), "Containers", response.getRemovedList());
        return response.getReclaimedBytes();
    }
}
