package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.v1.ListVolumesRequest;
import dev.wherry.v1.VolumeSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry volume ls}. */
@Command
public final class ListVolumesCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "Provide filter values: dangling=true, driver=, label=KEY[=VALUE], name=")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = {"-q", "--quiet"},
            description = "Only display volume names")
    private boolean quiet;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each volume")
    private String format;

    public ListVolumesCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        boolean size = format != null && format.contains(".Size");
        ListVolumesRequest request = ListVolumesRequest.newBuilder()
                .addAllFilters(FilterFlag.parse(filters))
                .setSize(size)
                .build();
        List<VolumeSummary> volumes = session.daemon().volumes().list(request).getVolumesList();
        if (quiet && format == null) {
            volumes.forEach(volume -> session.console().out().println(volume.getName()));
        } else {
            session.console()
                    .out()
                    .print(new Listing(VolumeRow.HEADERS, VolumeRow.COLUMNS)
                            .show(
                                    volumes.stream()
                                            .map(volume -> VolumeRow.of(volume, size))
                                            .toList(),
                                    format));
        }
        return ExitStatus.SUCCESS;
    }
}
