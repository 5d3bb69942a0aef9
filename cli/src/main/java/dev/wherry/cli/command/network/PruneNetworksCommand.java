package dev.wherry.cli.command.network;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneNetworksRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry network prune}. */
@Command
public final class PruneNetworksCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune networks that match: until=24h, label=KEY[=VALUE], label!=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    public PruneNetworksCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        List<Filter> chosen = FilterFlag.parse(filters);
        if (!force
                && !Confirmation.given(session.console(), "all custom networks not used by at least one container")) {
            return ExitStatus.FAILURE;
        }
        prune(session, chosen);
        return ExitStatus.SUCCESS;
    }

    /** Prunes, and lists what was removed. */
    public static void prune(Session session, List<Filter> filters) {
        PruneNetworksRequest request =
                PruneNetworksRequest.newBuilder().addAllFilters(filters).build();
        PruneOutput.removed(
                session.console(),
                "Networks",
                session.daemon().networks().prune(request).getRemovedList());
    }
}
