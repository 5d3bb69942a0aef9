package dev.wherry.cli.command.pod;

import dev.wherry.cli.command.container.stats.StatsRow;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ContainerStats;
import dev.wherry.v1.PodContainer;
import dev.wherry.v1.PodSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** The resource usage of a pod, as a row of {@code pod stats}. */
final class PodStatsRow {
    static final List<String> COLUMNS =
            List.of("ID", "Name", "Namespace", "CPUPerc", "MemUsage", "NetIO", "BlockIO", "PIDs");
    static final Map<String, String> HEADERS = Map.of(
            "ID", "POD ID",
            "Name", "NAME",
            "Namespace", "NAMESPACE",
            "CPUPerc", "CPU %",
            "MemUsage", "MEM USAGE",
            "NetIO", "NET I/O",
            "BlockIO", "BLOCK I/O",
            "PIDs", "PIDS");

    private PodStatsRow() {}

    /** @param running figures of the containers that run, by ID */
    static Map<String, Object> of(PodSummary pod, Map<String, ContainerStats> running, boolean whole) {
        List<ContainerStats> parts = pod.getContainersList().stream()
                .map(PodContainer::getId)
                .map(running::get)
                .filter(Objects::nonNull)
                .toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(
                "BlockIO",
                StatsRow.traffic(
                        sum(parts, ContainerStats::getBlockReadBytes),
                        sum(parts, ContainerStats::getBlockWrittenBytes)));
        row.put(
                "CPUPerc",
                StatsRow.percent(parts.stream()
                        .mapToDouble(ContainerStats::getCpuPercent)
                        .sum()));
        row.put("ID", whole ? pod.getId() : TerminalText.shortId(pod.getId()));
        row.put("MemUsage", Units.memory(sum(parts, ContainerStats::getMemoryBytes)));
        row.put("Name", pod.getName());
        row.put("Namespace", pod.getNamespace());
        // All of them are on the network of the pod, and each has the figures of all.
        row.put(
                "NetIO",
                StatsRow.traffic(
                        most(parts, ContainerStats::getNetworkReceivedBytes),
                        most(parts, ContainerStats::getNetworkSentBytes)));
        row.put("PIDs", Long.toString(sum(parts, ContainerStats::getPids)));
        return row;
    }

    private static long sum(List<ContainerStats> parts, ToLongFunction<ContainerStats> figure) {
        return parts.stream().mapToLong(figure).sum();
    }

    private static long most(List<ContainerStats> parts, ToLongFunction<ContainerStats> figure) {
        return parts.stream().mapToLong(figure).max().orElse(0);
    }
}
