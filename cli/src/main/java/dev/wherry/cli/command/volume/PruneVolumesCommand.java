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
        PruneVolumesRequest.Builder request = PruneVolumesRequest.newBuilder().addAllFilters(FilterFlag.parse(filters));
        if (all) {
            request.addFilters(Filter.newBuilder().setKey("all").addValues("true"));
        }
        String what = (all ? "all" : "anonymous") + " local volumes not used by at least one container";
        if (!force && !Confirmation.given(session.console(), what)) {
            return ExitStatus.FAILURE;
        }
        PruneVolumesResponse response = session.daemon().volumes().prune(request.build());
        PruneOutput.removed(session.console(), "Volumes", response.getRemovedList());
        PruneOutput.reclaimed(session.console(), response.getReclaimedBytes());
        return ExitStatus.SUCCESS;
    }
}
