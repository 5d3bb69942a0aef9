package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.HistoryEntry;
import dev.wherry.v1.HistoryRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry history}. */
@Command
public final class HistoryCommand implements Callable<ExitStatus> {
    private static final String MISSING = "<missing>";
    private static final int CREATED_BY = 45;
    private static final Map<String, String> HEADERS = Map.of(
            "ID", "IMAGE",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "CreatedBy", "CREATED BY",
            "Size", "SIZE",
            "Comment", "COMMENT");

    private final Session session;

    @Option(
            names = {"-H", "--human"},
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Print sizes and dates in human readable format (default: true)")
    private boolean human = true;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only show image IDs")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each row")
    private String format;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Show the history of the image for a platform, where there are several")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", index = "0")
    private String image;

    public HistoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        HistoryRequest request = HistoryRequest.newBuilder()
                .setImage(image)
                .setPlatform(platform)
                .build();
        List<HistoryEntry> entries = session.daemon().images().history(request).getEntriesList();
        if (quiet && format == null) {
            entries.forEach(entry -> session.console().out().println(id(entry)));
            return ExitStatus.SUCCESS;
        }
        Instant now = Instant.now();
        Listing listing = new Listing(
                HEADERS, List.of("ID", human ? "CreatedSince" : "CreatedAt", "CreatedBy", "Size", "Comment"));
        session.console()
                .out()
                .print(listing.show(entries.stream().map(e -> row(e, now)).toList(), format));
        return ExitStatus.SUCCESS;
    }

    private Map<String, Object> row(HistoryEntry entry, Instant now) {
        String createdBy =
                TerminalText.sanitised(entry.getCreatedBy().replace('\t', ' ').replace('\n', ' '));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ID", id(entry));
        String createdAt = Units.rfc3339(entry.getCreatedNanos());
        row.put("CreatedSince", human ? since(entry, now) : createdAt);
        row.put("CreatedAt", createdAt);
        row.put("CreatedBy", whole ? createdBy : TerminalText.shortened(createdBy, CREATED_BY));
        row.put("Size", human ? Units.size(entry.getSizeBytes()) : Long.toString(entry.getSizeBytes()));
        row.put("Comment", TerminalText.oneLine(entry.getComment()));
        return row;
    }

    private static String since(HistoryEntry entry, Instant now) {
        return entry.getCreatedNanos() == 0 ? "N/A" : Units.ago(entry.getCreatedNanos(), now);
    }

    private String id(HistoryEntry entry) {
        if (entry.getImageId().isEmpty()) {
            return MISSING;
        }
        return whole ? entry.getImageId() : TerminalText.shortId(entry.getImageId());
    }
}
