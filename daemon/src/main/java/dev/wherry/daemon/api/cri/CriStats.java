package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerAttributes;
import dev.wherry.cri.v1.ContainerStats;
import dev.wherry.cri.v1.CpuUsage;
import dev.wherry.cri.v1.FilesystemIdentifier;
import dev.wherry.cri.v1.FilesystemUsage;
import dev.wherry.cri.v1.LinuxPodSandboxStats;
import dev.wherry.cri.v1.MemoryUsage;
import dev.wherry.cri.v1.NetworkInterfaceUsage;
import dev.wherry.cri.v1.NetworkUsage;
import dev.wherry.cri.v1.PodSandboxAttributes;
import dev.wherry.cri.v1.PodSandboxStats;
import dev.wherry.cri.v1.ProcessUsage;
import dev.wherry.cri.v1.UInt64Value;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.stats.Usage;
import dev.wherry.daemon.container.stats.UsageWatch;
import dev.wherry.daemon.container.stats.WritableLayerSize;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import dev.wherry.daemon.runtime.cgroup.CgroupUsage.Memory;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What pods and their containers use, as {@code wherry stats} measures it. */
@Singleton
final class CriStats {

    private static final double NANOS = 1e9;

    private final UsageWatch usages;
    private final Pods pods;
    private final Snapshotter snapshotter;
    private final Layout layout;

    CriStats(UsageWatch usages, Pods pods, Snapshotter snapshotter, Layout layout) {
        this.usages = usages;
        this.pods = pods;
        this.snapshotter = snapshotter;
        this.layout = layout;
    }

    private Map<String, Usage> measure(List<Container> containers) throws InterruptedException {
        Map<String, Usage> measured = new HashMap<>();
        if (!containers.isEmpty()) {
            usages.watch(
                    containers.stream().map(Container::id).toList(),
                    true,
                    true,
                    all -> all.forEach(usage -> measured.put(usage.id(), usage)));
        }
        return measured;
    }

    List<ContainerStats> of(List<Container> containers) throws InterruptedException {
        Map<String, Usage> measured = measure(containers);
        return containers.stream()
                .filter(container -> measured.containsKey(container.id()))
                .map(container -> message(container, measured.get(container.id())))
                .toList();
    }

    private ContainerStats message(Container container, Usage usage) {
        long now = Rows.nanos(Instant.now());
        FileTrees.Use written = WritableLayerSize.use(container, snapshotter);
        ContainerStats.Builder message = ContainerStats.newBuilder()
                .setAttributes(ContainerAttributes.newBuilder()
                        .setId(container.id())
                        .setMetadata(CriContainerMessages.metadata(container))
                        .putAllLabels(container.settings().request().labels())
                        .putAllAnnotations(container.settings().request().pod().annotations()))
                .setWritableLayer(FilesystemUsage.newBuilder()
                        .setTimestamp(now)
                        .setFsId(FilesystemIdentifier.newBuilder()
                                .setMountpoint(layout.root().toString()))
                        .setUsedBytes(value(written.bytes()))
                        .setInodesUsed(value(written.inodes())));
        if (usage.running()) {
            message.setCpu(cpu(List.of(usage), now)).setMemory(memory(List.of(container), List.of(usage), now));
        }
        return message.build();
    }

    private static UInt64Value value(long value) {
        return UInt64Value.newBuilder().setValue(Math.max(0, value)).build();
    }

    private static CpuUsage cpu(List<Usage> usages, long now) {
        long total = 0;
        double rate = 0;
        for (Usage usage : usages) {
            total += usage.cpuNanos();
            rate += usage.elapsedNanos() == 0
                    ? 0
                    : NANOS * (usage.cpuNanos() - usage.cpuNanosBefore()) / usage.elapsedNanos();
        }
        return CpuUsage.newBuilder()
                .setTimestamp(now)
                .setUsageCoreNanoSeconds(value(total))
                .setUsageNanoCores(value((long) rate))
                .build();
    }

    private static MemoryUsage memory(List<Container> containers, List<Usage> usages, long now) {
        long working = usages.stream().mapToLong(Usage::memoryBytes).sum();
        Memory all = usages.stream().map(Usage::memory).reduce(Memory.NONE, Memory::plus);
        boolean limited = true;
        long limit = 0;
        for (Container container : containers) {
            long own = container.settings().request().resources().memory();
            limited &= own > 0;
            limit += own;
        }
        return MemoryUsage.newBuilder()
                .setTimestamp(now)
                .setWorkingSetBytes(value(working))
                .setAvailableBytes(value(limited ? limit - working : 0))
                .setUsageBytes(value(all.usage()))
                .setRssBytes(value(all.rss()))
                .setPageFaults(value(all.faults()))
                .setMajorPageFaults(value(all.majorFaults()))
                .build();
    }

    List<PodSandboxStats> ofPods(List<Pod> sandboxes) throws InterruptedException {
        List<PodSandboxStats> stats = new ArrayList<>();
        for (Pod sandbox : sandboxes) {
            stats.add(of(sandbox));
        }
        return stats;
    }

    PodSandboxStats of(Pod sandbox) throws InterruptedException {
        List<Container> running = pods.members(sandbox.id()).stream()
                .filter(container -> container.state().isAlive())
                .toList();
        Map<String, Usage> measured = measure(running);
        List<Usage> all = running.stream()
                .map(container -> measured.get(container.id()))
                .filter(usage -> usage != null && usage.running())
                .toList();
        long now = Rows.nanos(Instant.now());
        LinuxPodSandboxStats.Builder linux = LinuxPodSandboxStats.newBuilder()
                .setCpu(cpu(all, now))
                .setMemory(memory(running, all, now))
                .setNetwork(network(sandbox, all, now))
                .setProcess(ProcessUsage.newBuilder()
                        .setTimestamp(now)
                        .setProcessCount(
                                value(all.stream().mapToLong(Usage::pids).sum())));
        running.stream()
                .filter(container -> measured.containsKey(container.id()))
                .forEach(container -> linux.addContainers(message(container, measured.get(container.id()))));
        return PodSandboxStats.newBuilder()
                .setAttributes(PodSandboxAttributes.newBuilder()
                        .setId(sandbox.id())
                        .setMetadata(SandboxMessages.metadata(sandbox.config()))
                        .putAllLabels(sandbox.config().labels())
                        .putAllAnnotations(sandbox.config().annotations()))
                .setLinux(linux)
                .build();
    }

    /** All containers of a pod have the same. */
    private static NetworkUsage network(Pod sandbox, List<Usage> usages, long now) {
        NetworkUsage.Builder network = NetworkUsage.newBuilder().setTimestamp(now);
        if (sandbox.config().hasNetwork()) {
            long in =
                    usages.stream().mapToLong(Usage::networkReceivedBytes).max().orElse(0);
            long out = usages.stream().mapToLong(Usage::networkSentBytes).max().orElse(0);
            NetworkInterfaceUsage only = NetworkInterfaceUsage.newBuilder()
                    .setName("eth0")
                    .setRxBytes(value(in))
                    .setTxBytes(value(out))
                    .build();
            network.setDefaultInterface(only).addInterfaces(only);
        }
        return network.build();
    }
}
