package dev.wherry.cli.command.system;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.DiskUsageRequest;
import dev.wherry.v1.DiskUsageResponse;
import dev.wherry.v1.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry system df}. */
@Command
public final class SystemDiskUsageCommand implements Callable<ExitStatus> {
    private static final Listing TOTALS = new Listing(
            Map.of(
                    "Type", "TYPE",
                    "TotalCount", "TOTAL",
                    "Active", "ACTIVE",
                    "Size", "SIZE",
                    "Reclaimable", "RECLAIMABLE"),
            List.of("Type", "TotalCount", "Active", "Size", "Reclaimable"));

    private final Session session;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show detailed information on space usage")
    private boolean verbose;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template")
    private String format;

    public SystemDiskUsageCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DiskUsageResponse usage = session.daemon()
                .system()
                .diskUsage(DiskUsageRequest.newBuilder().setVerbose(verbose).build());
        session.console()
                .out()
                .print(
                        verbose
                                ? new DiskUsageDetails(usage, Instant.now()).show(format)
                                : TOTALS.show(totals(usage), format));
        return ExitStatus.SUCCESS;
    }

    private static List<Map<String, Object>> totals(DiskUsageResponse usage) {
        return List.of(
                total("Images", usage.getImages(), true),
                total("Containers", usage.getContainers(), true),
                total("Local Volumes", usage.getVolumes(), true),
                total("Build Cache", usage.getBuildCache(), false));
    }

    /** @param withShare whether docker says which part of the whole can be freed */
    private static Map<String, Object> total(String type, Usage usage, boolean withShare) {
        long size = usage.getSizeBytes();
        String reclaimable = Units.progressSize(usage.getReclaimableBytes());
        Map<String, Object> row = new TreeMap<>();
        row.put("Type", type);
        row.put("TotalCount", Integer.toString(usage.getTotal()));
        row.put("Active", Integer.toString(usage.getActive()));
        row.put("Size", Units.progressSize(size));
        row.put(
                "Reclaimable",
                withShare && size > 0
                        ? reclaimable + " (" + usage.getReclaimableBytes() * 100 / size + "%)"
                        : reclaimable);
        return row;
    }
}
