package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Confirmation;
import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.PruneOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneImagesRequest;
import dev.wherry.v1.PruneImagesResponse;
import dev.wherry.v1.RemovedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry image prune}. */
@Command
public final class PruneImagesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Remove all unused images, not just dangling ones")
    private boolean all;

    @Option(
            names = {"-f", "--force"},
            description = "Do not prompt for confirmation")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Only prune images that match: until=24h, label=KEY[=VALUE], label!=KEY[=VALUE]")
    private List<String> filters = new ArrayList<>();

    public PruneImagesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        PruneImagesRequest request = request(all, FilterFlag.parse(filters));
        if (!force && !Confirmation.given(session.console(), what(all))) {
            return ExitStatus.FAILURE;
        }
        PruneOutput.reclaimed(session.console(), prune(session, request));
        return ExitStatus.SUCCESS;
    }

    /** What a prune removes, in words. */
    public static String what(boolean all) {
        return all ? "all images without at least one container associated to them" : "all dangling images";
    }

    /** @param all also images with a name */
    public static PruneImagesRequest request(boolean all, List<Filter> filters) {
        PruneImagesRequest.Builder request = PruneImagesRequest.newBuilder().addAllFilters(filters);
        if (all) {
            request.addFilters(Filter.newBuilder().setKey("dangling").addValues("false"));
        }
        return request.build();
    }

    /**
     * Prunes, and lists what was removed.
     *
     * @return bytes freed
     */
    public static long prune(Session session, PruneImagesRequest request) {
        PruneImagesResponse response = session.daemon().images().prune(request);
        PruneOutput.removed(
                session.console(),
                "Images",
                response.getRemovedList().stream().map(PruneImagesCommand::line).toList());
        return response.getReclaimedBytes();
    }

    private static String line(RemovedImage removed) {
        return switch (removed.getWhatCase()) {
            case UNTAGGED -> "untagged: " + removed.getUntagged();
            case DELETED -> "deleted: " + removed.getDeleted();
            case WHAT_NOT_SET -> "";
        };
    }
}
