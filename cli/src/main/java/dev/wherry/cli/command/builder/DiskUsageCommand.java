package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.FilterFlag;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.CacheEntry;
import dev.wherry.v1.ListCacheRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry builder du}: the records of the build cache, the largest first. */
@Command
public final class DiskUsageCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "Filter output: id, type, description, parents, until, unused-for, inuse, shared, private,"
                    + " mutable, immutable")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each record")
    private String format;

    @Option(names = "--verbose", description = "Show all details of each record")
    private boolean verbose;

    public DiskUsageCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (verbose && format != null) {
            throw new Failure("builder du: --verbose and --format cannot be used together");
        }
        Instant now = Instant.now();
        List<CacheEntry> entries = new ArrayList<>();
        session.daemon()
                .builds()
                .listCache(ListCacheRequest.newBuilder()
                        .addAllFilters(FilterFlag.parse(withValues(filters)))
                        .build())
                .forEachRemaining(entries::add);
        entries.sort(Comparator.comparingLong(CacheEntry::getSizeBytes)
                .reversed()
                .thenComparing(CacheEntry::getUsedNanos)
                .thenComparing(CacheEntry::getId));
        Console console = session.console();
        if (verbose) {
            entries.forEach(entry -> console.out().println(details(entry, now)));
        } else {
            console.out().print(table(entries, format, now));
        }
        if (format == null) {
            totals(entries).forEach(console.out()::println);
        }
        return ExitStatus.SUCCESS;
    }

    /** A key without a value, such as {@code inuse}, means {@code inuse=true}. */
    private static List<String> withValues(List<String> filters) {
        return filters.stream()
                .map(filter -> filter.isEmpty() || filter.contains("=") ? filter : filter + "=true")
                .toList();
    }

    private static String table(List<CacheEntry> entries, String format, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ID", "ID");
        headers.put("Reclaimable", "RECLAIMABLE");
        headers.put("Size", "SIZE");
        headers.put("LastUsedAt", "LAST ACCESSED");
        headers.put("Type", "TYPE");
        headers.put("Description", "DESCRIPTION");
        List<Map<String, Object>> rows =
                entries.stream().map(entry -> row(entry, now)).toList();
        return new Listing(headers, List.of("ID", "Reclaimable", "Size", "LastUsedAt")).show(rows, format);
    }

    private static Map<String, Object> row(CacheEntry entry, Instant now) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ID", entry.getId() + (entry.getMutable() ? "*" : ""));
        row.put("Parents", entry.getParent().isEmpty() ? List.of() : List.of(entry.getParent()));
        row.put("CreatedAt", Units.timestamp(entry.getCreatedNanos()));
        row.put("Mutable", entry.getMutable());
        row.put("Reclaimable", isReclaimable(entry));
        row.put("Shared", entry.getShared());
        row.put("Size", Units.size(entry.getSizeBytes()));
        row.put("Description", TerminalText.oneLine(entry.getDescription()));
        row.put("UsageCount", entry.getUses());
        row.put("LastUsedAt", Units.ago(entry.getUsedNanos(), now));
        row.put("Type", entry.getType());
        return row;
    }

    /** As {@code docker buildx du --verbose} writes it. */
    private static String details(CacheEntry entry, Instant now) {
        return "ID:\t\t" + entry.getId()
                + (entry.getParent().isEmpty() ? "" : "\nParent:\t\t" + entry.getParent())
                + "\nCreated at:\t" + Units.timestamp(entry.getCreatedNanos())
                + "\nMutable:\t" + entry.getMutable()
                + "\nReclaimable:\t" + isReclaimable(entry)
                + "\nShared:\t\t" + entry.getShared()
                + "\nSize:\t\t" + Units.size(entry.getSizeBytes())
                + "\nDescription:\t" + TerminalText.oneLine(entry.getDescription())
                + "\nUsage count:\t" + entry.getUses()
                + "\nLast used:\t" + Units.ago(entry.getUsedNanos(), now)
                + "\nType:\t\t" + entry.getType() + "\n";
    }

    /** What an image needs too frees nothing. */
    private static boolean isReclaimable(CacheEntry entry) {
        return !entry.getInUse() && !entry.getShared();
    }

    private static List<String> totals(List<CacheEntry> entries) {
        long all = 0;
        long shared = 0;
        long reclaimable = 0;
        for (CacheEntry entry : entries) {
            all += entry.getSizeBytes();
            shared += entry.getShared() ? entry.getSizeBytes() : 0;
            reclaimable += isReclaimable(entry) ? entry.getSizeBytes() : 0;
        }
        List<String> lines = new ArrayList<>();
        if (shared > 0) {
            lines.add("Shared:\t\t" + Units.size(shared));
            lines.add("Private:\t" + Units.size(all - shared));
        }
        lines.add("Reclaimable:\t" + Units.size(reclaimable));
        lines.add("Total:\t\t" + Units.size(all));
        return lines;
    }
}
