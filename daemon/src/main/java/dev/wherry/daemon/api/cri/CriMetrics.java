package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerMetrics;
import dev.wherry.cri.v1.Metric;
import dev.wherry.cri.v1.MetricDescriptor;
import dev.wherry.cri.v1.MetricType;
import dev.wherry.cri.v1.PodSandboxMetrics;
import dev.wherry.cri.v1.UInt64Value;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.network.InterfaceCounts;
import dev.wherry.daemon.container.stats.WritableLayerSize;
import dev.wherry.daemon.linux.FileSystems;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import dev.wherry.daemon.runtime.cgroup.CgroupCounts;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a kubelet passes on to Prometheus for pods and containers, by the names that cAdvisor has given it. */
@Singleton
final class CriMetrics {

    private static final List<String> LABELS = List.of("id", "name", "image", "container", "pod", "namespace");

    private static final List<String> COUNTERS = List.of("_total", "_failcnt");

    /** What each says, without the beginning "container_". */
    private static final Map<String, String> HELP = help();

    private final Pods pods;
    private final Snapshotter snapshotter;
    private final Layout layout;

    CriMetrics(Pods pods, Snapshotter snapshotter, Layout layout) {
        this.pods = pods;
        this.snapshotter = snapshotter;
        this.layout = layout;
    }

    private static Map<String, String> help() {
        Map<String, String> help = new LinkedHashMap<>();
        """
                blkio_device_usage_total: Bytes read from and written to block devices
                cpu_cfs_periods_total: Elapsed periods of the limit of processor time
                cpu_cfs_throttled_periods_total: Periods in which processor time was held back
                cpu_cfs_throttled_seconds_total: Seconds for which processor time was held back
                cpu_system_seconds_total: Seconds of processor time in the kernel
                cpu_usage_seconds_total: Seconds of processor time
                cpu_user_seconds_total: Seconds of processor time in programs
                file_descriptors: Open file descriptors
                fs_inodes_free: Files that the file system still takes
                fs_inodes_total: Files that the file system may have
                fs_limit_bytes: Size of the file system in bytes
                fs_reads_bytes_total: Bytes read from block devices
                fs_reads_total: Reads of block devices
                fs_usage_bytes: Bytes that the container has written and that are there
                fs_writes_bytes_total: Bytes written to block devices
                fs_writes_total: Writes of block devices
                last_seen: When the container was looked at, in seconds since 1970
                memory_cache: Bytes of the page cache
                memory_failcnt: How often memory reached its limit
                memory_failures_total: Pages that were not in memory
                memory_kernel_usage: Bytes that the kernel has for the container
                memory_mapped_file: Bytes of mapped files
                memory_max_usage_bytes: Most bytes of memory that were used at once
                memory_rss: Bytes of memory that no file backs
                memory_swap: Bytes that are swapped out
                memory_usage_bytes: Bytes of memory with the page cache
                memory_working_set_bytes: Bytes of memory without what the kernel would drop first
                network_receive_bytes_total: Bytes received
                network_receive_errors_total: Packets with errors received
                network_receive_packets_dropped_total: Packets dropped while receiving
                network_receive_packets_total: Packets received
                network_transmit_bytes_total: Bytes sent
                network_transmit_errors_total: Packets with errors sent
                network_transmit_packets_dropped_total: Packets dropped while sending
                network_transmit_packets_total: Packets sent
                oom_events_total: Processes killed since memory ran out
                processes: Processes
                sockets: Open sockets
                spec_cpu_period: Period of the limit of processor time in microseconds
                spec_cpu_shares: Share of processor time
                spec_memory_limit_bytes: Limit of memory in bytes
                spec_memory_swap_limit_bytes: Limit of memory and swap in bytes
                start_time_seconds: When the container was started, in seconds since 1970
                threads: Threads
                threads_max: Most threads that there may be; 0 for no limit
                """.lines()
                .forEach(line -> help.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2)));
        return help;
    }

    List<MetricDescriptor> descriptors() {
        return HELP.entrySet().stream()
                .map(metric -> MetricDescriptor.newBuilder()
                        .setName("container_" + metric.getKey())
                        .setHelp(metric.getValue())
                        .addAllLabelKeys(labels(metric.getKey()))
                        .build())
                .toList();
    }

    private static List<String> labels(String metric) {
        if (!metric.startsWith("network_")) {
            return LABELS;
        }
        List<String> labels = new ArrayList<>(LABELS);
        labels.add("interface");
        return labels;
    }

    List<PodSandboxMetrics> ofPods() {
        return pods.list().stream().filter(Pod::isReady).map(this::of).toList();
    }

    private PodSandboxMetrics of(Pod pod) {
        PodSandboxMetrics.Builder message = PodSandboxMetrics.newBuilder().setPodSandboxId(pod.id());
        List<Container> running = pods.members(pod.id()).stream()
                .filter(container -> container.state().isAlive() && container.pid() > 0)
                .toList();
        long now = Rows.nanos(Instant.now());
        if (pod.config().hasNetwork() && !running.isEmpty()) {
            List<String> values = List.of(
                    pod.id(), "", "", "POD", pod.config().name(), pod.config().namespace());
            InterfaceCounts.of(running.getFirst().pid()).forEach((name, counts) -> {
                List<String> labelled = new ArrayList<>(values);
                labelled.add(name);
                counts.named()
                        .forEach((metric, value) ->
                                message.addMetrics(metric("network_" + metric, value, labelled, now)));
            });
        }
        running.forEach(container -> message.addContainerMetrics(of(container, pod, now)));
        return message.build();
    }

    private ContainerMetrics of(Container container, Pod pod, long now) {
        ContainerMetrics.Builder message = ContainerMetrics.newBuilder().setContainerId(container.id());
        List<String> labels = List.of(
                container.id(),
                container.name(),
                container.settings().request().image(),
                container.settings().request().pod().name(),
                pod.config().name(),
                pod.config().namespace());
        Map<String, Long> counts = CgroupCounts.of(container.id(), container.pid());
        Resources limits = container.settings().request().resources();
        counts.put("spec_cpu_period", limits.cpuPeriod());
        counts.put("spec_cpu_shares", limits.cpuShares());
        counts.put("spec_memory_limit_bytes", limits.memory());
        counts.put("spec_memory_swap_limit_bytes", limits.memorySwap());
        counts.put("last_seen", now / 1_000_000_000L);
        counts.put(
                "start_time_seconds",
                container.startedAt().map(Instant::getEpochSecond).orElse(0L));
        disk(container, counts);
        counts.forEach((name, value) -> message.addMetrics(metric(name, value, labels, now)));
        return message.build();
    }

    private void disk(Container container, Map<String, Long> counts) {
        counts.put("fs_usage_bytes", WritableLayerSize.bytes(container, snapshotter));
        counts.put("fs_limit_bytes", layout.root().toFile().getTotalSpace());
        try {
            FileSystems.FileCount files = FileSystems.fileCount(layout.root());
            counts.put("fs_inodes_total", files.total());
            counts.put("fs_inodes_free", files.free());
        } catch (SystemCallException unknown) {
            counts.put("fs_inodes_total", 0L);
            counts.put("fs_inodes_free", 0L);
        }
    }

    private static Metric metric(String name, long value, List<String> labels, long now) {
        return Metric.newBuilder()
                .setName("container_" + name)
                .setTimestamp(now)
                .setMetricType(COUNTERS.stream().anyMatch(name::endsWith) ? MetricType.COUNTER : MetricType.GAUGE)
                .addAllLabelValues(labels)
                .setValue(UInt64Value.newBuilder().setValue(Math.max(0, value)))
                .build();
    }
}
