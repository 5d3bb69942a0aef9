package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry builder prune}. */
@Command
public final class PruneCacheCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Include build cache that images use")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune records that match: until=24h or unused-for=24h, id=ID,"
                    + " type=regular|exec.cachemount|source.local")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = {"--reserved-space", "--keep-storage"},
            paramLabel = "SIZE",
            description = "Amount of disk space always allowed to keep for cache")
    private String reservedSpace;

    @Option(
            names = "--max-used-space",
            paramLabel = "SIZE",
            description = "Maximum amount of disk space allowed to keep for cache")
    private String maxUsedSpace;

    @Option(
            names = "--min-free-space",
            paramLabel = "SIZE",
            description = "Target amount of free disk space after pruning")
    private String minFreeSpace;

    @Option(names = "--verbose", description = "Show the size and description of each removed record")
    private boolean verbose;

    public PruneCacheCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        PruneCacheRequest request = PruneCacheRequest.newBuilder()
                .setAll(all)
                .addAllFilters(FilterFlag.parse(filters))
                .setReservedBytes(FlagValue.bytes("--reserved-space", reservedSpace))
                .setMaxUsedBytes(FlagValue.bytes("--max-used-space", maxUsedSpace))
                .setMinFreeBytes(FlagValue.bytes("--min-free-space", minFreeSpace))
                .build();
        String what = all ? "all build cache" : "all build cache that no image uses";
        if (!force && !Confirmation.given(session.console(), what)) {
            return ExitStatus.FAILURE;
        }
        show(session.daemon().builds().pruneCache(request));
        return ExitStatus.SUCCESS;
    }

    private void show(PruneCacheResponse response) {
        PruneOutput.removed(
                session.console(),
                "build cache objects",
                response.getRemovedList().stream()
                        .map(entry -> verbose
                                ? entry.getId() + "\t" + Units.size(entry.getSizeBytes()) + "\t"
                                        + TerminalText.oneLine(entry.getDescription())
                                : entry.getId())
                        .toList());
        PruneOutput.reclaimed(session.console(), response.getReclaimedBytes());
    }
}
