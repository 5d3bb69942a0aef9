package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneVolumesRequest;
import dev.wherry.v1.PruneVolumesResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry volume prune}. */
@Command
public final class PruneVolumesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Remove all unused volumes, not just anonymous ones")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune volumes that match: label=KEY[=VALUE], label!=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    public PruneVolumesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        List<Filter> chosen = new ArrayList<>(FilterFlag.parse(filters));
        if (all) {
            chosen.add(Filter.newBuilder().setKey("all").addValues("true").build());
        }
        String what = (all ? "all" : "anonymous") + " local volumes not used by at least one container";
        if (!force && !Confirmation.given(session.console(), what)) {
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
        PruneVolumesResponse response = session.daemon()
                .volumes()
                .prune(PruneVolumesRequest.newBuilder().addAllFilters(filters).build());
        PruneOutput.removed(session.console(), "Volumes", response.getRemovedList());
        return response.getReclaimedBytes();
    }
}
