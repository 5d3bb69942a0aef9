package dev.wherry.cli.command.container.stats;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ContainerStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The resource usage of a container, as a row of {@code stats}. */
public final class StatsRow {
    static final List<String> COLUMNS =
            List.of("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs");
    static final Map<String, String> HEADERS = Map.of(
            "Container", "CONTAINER",
            "ID", "CONTAINER ID",
            "Name", "NAME",
            "CPUPerc", "CPU %",
            "MemUsage", "MEM USAGE / LIMIT",
            "MemPerc", "MEM %",
            "NetIO", "NET I/O",
            "BlockIO", "BLOCK I/O",
            "PIDs", "PIDS");

    private StatsRow() {}

    static Map<String, Object> of(ContainerStats stats, boolean whole) {
        String id = whole ? stats.getId() : TerminalText.shortId(stats.getId());
        long limit = stats.getMemoryLimitBytes();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("BlockIO", traffic(stats.getBlockReadBytes(), stats.getBlockWrittenBytes()));
        row.put("CPUPerc", percent(stats.getCpuPercent()));
        row.put("Container", id);
        row.put("ID", id);
        row.put("MemPerc", percent(limit == 0 ? 0 : 100.0 * stats.getMemoryBytes() / limit));
        row.put("MemUsage", Units.memory(stats.getMemoryBytes()) + " / " + Units.memory(limit));
        row.put("Name", stats.getName());
        row.put("NetIO", traffic(stats.getNetworkReceivedBytes(), stats.getNetworkSentBytes()));
        row.put("PIDs", Long.toString(stats.getPids()));
        return row;
    }

    /** Percent of one CPU, or of a limit. */
    public static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    /** Bytes in and out. */
    public static String traffic(long in, long out) {
        return Units.size(in) + " / " + Units.size(out);
    }
}
