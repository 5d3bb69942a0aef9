package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.BuildSummary;
import dev.wherry.v1.ListBuildsRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry builder history ls}: a row a build, newest first. */
@Command
public final class ListBuildsCommand implements Callable<ExitStatus> {
    private static final int SHORT_NAME = 36;
    private static final List<String> COLUMNS =
            List.of("Ref", "Name", "Status", "CreatedSince", "Duration", "Cached", "Image");

    private final Session session;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only show build IDs")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each build")
    private String format;

    public ListBuildsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        List<BuildSummary> builds = session.daemon()
                .builds()
                .listBuilds(ListBuildsRequest.getDefaultInstance())
                .getBuildsList();
        if (quiet && format == null) {
            builds.forEach(build -> session.console().out().println(build.getRef()));
            return ExitStatus.SUCCESS;
        }
        Instant now = Instant.now();
        session.console()
                .out()
                .print(new Listing(headers(), COLUMNS)
                        .show(builds.stream().map(build -> row(build, now)).toList(), format));
        return ExitStatus.SUCCESS;
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Ref", "BUILD ID");
        headers.put("Name", "NAME");
        headers.put("Status", "STATUS");
        headers.put("CreatedSince", "CREATED AT");
        headers.put("CreatedAt", "CREATED AT");
        headers.put("Duration", "DURATION");
        headers.put("Cached", "CACHED");
        headers.put("Hits", "HITS");
        headers.put("Misses", "MISSES");
        headers.put("Image", "IMAGE");
        headers.put("ImageID", "IMAGE ID");
        headers.put("Context", "CONTEXT");
        headers.put("Dockerfile", "DOCKERFILE");
        headers.put("Target", "TARGET");
        headers.put("Error", "ERROR");
        return headers;
    }

    private Map<String, Object> row(BuildSummary build, Instant now) {
        int hits = build.getStepsCached();
        String image = build.getTagsCount() > 0 ? build.getTags(0) : id(build.getImageId());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Ref", build.getRef());
        row.put(
                "Name",
                whole
                        ? TerminalText.oneLine(build.getName())
                        : TerminalText.shortened(TerminalText.oneLine(build.getName()), SHORT_NAME));
        row.put("Status", build.getStatus());
        row.put("CreatedSince", Units.ago(build.getCreatedNanos(), now));
        row.put("CreatedAt", Units.timestamp(build.getCreatedNanos()));
        row.put("Duration", DurationText.of(build.getDurationNanos()));
        row.put("Cached", hits + "/" + build.getStepsTotal());
        row.put("Hits", hits);
        row.put("Misses", build.getStepsTotal() - hits);
        row.put("Image", image);
        row.put("ImageID", build.getImageId());
        row.put("Context", TerminalText.oneLine(build.getContext()));
        row.put("Dockerfile", TerminalText.oneLine(build.getDockerfile()));
        row.put("Target", TerminalText.oneLine(build.getTarget()));
        row.put("Error", TerminalText.oneLine(build.getError()));
        return row;
    }

    private String id(String image) {
        return whole || image.isEmpty() ? image : TerminalText.shortId(image);
    }
}
