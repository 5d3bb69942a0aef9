package dev.wherry.cli.command.image;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.ImageSummary;
import dev.wherry.v1.ListImagesRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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

    @Option(names = "--tree", description = "List the platforms of each image as a tree")
    private boolean tree;

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
                .setManifests(tree)
                .build();
        List<ImageSummary> images = session.daemon().images().list(request).getImagesList();
        if (tree) {
            if (quiet || digests || format != null) {
                throw new Failure("images: --tree goes with neither --quiet nor --digests nor --format");
            }
            session.console().out().print(new PlatformTree(whole).show(images));
            return ExitStatus.SUCCESS;
        }
        if (quiet && format == null) {
            Set<String> ids = new LinkedHashSet<>();
            images.forEach(image -> ids.add(whole ? image.getId() : TerminalText.shortId(image.getId())));
            ids.forEach(session.console().out()::println);
            return ExitStatus.SUCCESS;
        }
        ImageRow row = new ImageRow(whole, Instant.now());
        session.console()
                .out()
                .print(listing()
                        .show(
                                images.stream()
                                        .flatMap(image -> row.each(image).stream())
                                        .toList(),
                                format));
        return ExitStatus.SUCCESS;
    }

    private Listing listing() {
        List<String> columns = new ArrayList<>(ImageRow.COLUMNS);
        if (digests) {
            columns.add(2, "Digest");
        }
        return new Listing(ImageRow.HEADERS, columns);
    }
}
