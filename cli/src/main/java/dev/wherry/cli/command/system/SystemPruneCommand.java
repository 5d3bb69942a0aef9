package dev.wherry.cli.command.system;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.PruneContainersCommand;
import dev.wherry.cli.command.image.PruneImagesCommand;
import dev.wherry.cli.command.network.PruneNetworksCommand;
import dev.wherry.cli.command.volume.PruneVolumesCommand;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CacheEntry;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry system prune}: the prunes of all kinds, in the order in which one frees what the next can remove. */
@Command
public final class SystemPruneCommand implements Callable<ExitStatus> {
    private static final String UNTIL = "until";

    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description =
                    "Remove all unused images and build cache, not just dangling images and cache that no image uses")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(names = "--volumes", description = "Prune anonymous volumes")
    private boolean volumes;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune objects that match: until=24h, label=KEY[=VALUE], label!=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    public SystemPruneCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        List<Filter> chosen = FilterFlag.parse(filters);
        if (volumes && chosen.stream().anyMatch(filter -> filter.getKey().equals(UNTIL))) {
            throw new Failure("the \"until\" filter is not supported with \"--volumes\"");
        }
        if (!force && !Confirmation.given(session.console(), warnings(), filters)) {
            return ExitStatus.FAILURE;
        }
        long bytes = PruneContainersCommand.prune(session, chosen);
        PruneNetworksCommand.prune(session, chosen);
        bytes += volumes ? PruneVolumesCommand.prune(session, chosen) : 0;
        bytes += PruneImagesCommand.prune(session, PruneImagesCommand.request(all, chosen));
        bytes += cache(chosen);
        PruneOutput.reclaimed(session.console(), bytes);
        return ExitStatus.SUCCESS;
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        warnings.add("all stopped containers");
        warnings.add("all networks not used by at least one container");
        if (volumes) {
            warnings.add("all anonymous volumes not used by at least one container");
        }
        warnings.add(PruneImagesCommand.what(all));
        warnings.add(all ? "all build cache" : "unused build cache");
        return warnings;
    }

    /** What the cache holds has no labels: with a filter by label nothing of it is meant. */
    private long cache(List<Filter> chosen) {
        if (chosen.stream().anyMatch(filter -> !filter.getKey().equals(UNTIL))) {
            return 0;
        }
        PruneCacheResponse response = session.daemon()
                .builds()
                .pruneCache(PruneCacheRequest.newBuilder()
                        .setAll(all)
                        .addAllFilters(chosen)
                        .build());
        PruneOutput.removed(
                session.console(),
                "build cache objects",
                response.getRemovedList().stream().map(CacheEntry::getId).toList());
        return response.getReclaimedBytes();
    }
}
