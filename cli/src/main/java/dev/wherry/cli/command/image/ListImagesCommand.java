package dev.wherry.cli.command.image;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ImageSummary;
import dev.wherry.v1.ListImagesRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry images}: a row a reference. */
@Command
public final class ListImagesCommand implements Callable<ExitStatus> {
    private final Session session;

    /** Without effect: no image is an intermediate one. */
    @Option(
            names = {"-a", "--all"},
            description = "Show all images (default hides intermediate images)")
    private boolean all;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only show image IDs")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(names = "--digests", description = "Show digests")
    private boolean digests;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description =
                    "Filter output: reference=PATTERN, label=KEY[=VALUE], dangling=true, before=IMAGE, since=IMAGE,"
                            + " until=24h")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each image")
    private String format;

    @Parameters(paramLabel = "REPOSITORY", arity = "0..1", index = "0")
    private String reference = "";

    public ListImagesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!reference.isEmpty()) {
            filters.add("reference=" + reference);
        }
        ListImagesRequest request = ListImagesRequest.newBuilder()
                .addAllFilters(FilterFlag.parse(filters))
                .build();
        List<ImageSummary> images = session.daemon().images().list(request).getImagesList();
        if (quiet && format == null) {
            Set<String> ids = new LinkedHashSet<>();
            images.forEach(image -> ids.add(whole ? image.getId() : TerminalText.shortId(image.getId())));
            ids.forEach(session.console().out()::println);
            return ExitStatus.SUCCESS;
        }
        Instant now = Instant.now();
        List<Map<String, Object>> rows = new ArrayList<>();
        images.forEach(image -> rows.addAll(rows(image, now)));
        session.console().out().print(listing().show(rows, format));
        return ExitStatus.SUCCESS;
    }

    private Listing listing() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Repository", "REPOSITORY");
        headers.put("Tag", "TAG");
        headers.put("Digest", "DIGEST");
        headers.put("ID", "IMAGE ID");
        headers.put("CreatedSince", "CREATED");
        headers.put("CreatedAt", "CREATED AT");
        headers.put("Size", "SIZE");
        List<String> columns = new ArrayList<>(List.of("Repository", "Tag", "ID", "CreatedSince", "Size"));
        if (digests) {
            columns.add(2, "Digest");
        }
        return new Listing(headers, columns);
    }

    private List<Map<String, Object>> rows(ImageSummary image, Instant now) {
        if (image.getReferencesCount() == 0) {
            return List.of(row(image, new ImageName(ImageName.NONE, ImageName.NONE), now));
        }
        return image.getReferencesList().stream()
                .map(name -> row(image, ImageName.of(name), now))
                .toList();
    }

    private Map<String, Object> row(ImageSummary image, ImageName name, Instant now) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Repository", name.repository());
        row.put("Tag", name.tag());
        row.put("Digest", image.getDigest().isEmpty() ? ImageName.NONE : image.getDigest());
        row.put("ID", whole ? image.getId() : TerminalText.shortId(image.getId()));
        row.put("CreatedSince", image.getCreatedNanos() == 0 ? "N/A" : Units.ago(image.getCreatedNanos(), now));
        row.put("CreatedAt", Units.timestamp(image.getCreatedNanos()));
        row.put("Size", Units.size(image.getSizeBytes()));
        return row;
    }
}
