package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.runtime.spec.PodLimits;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.BlockIo;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Cpu;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.HugePages;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Memory;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Pids;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Throttle;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Limits as parts of the runtime spec: what is not limited, or cannot be on this host, is null. */
public final class ResourceLimits {

    private static final long PERIOD = 100_000;
    private static final long NANOS = 1_000_000_000L;

    private ResourceLimits() {}

    public static Memory memory(Resources resources) {
        if (!CgroupHierarchy.has("memory")) {
            return null;
        }
        boolean disable = resources.oomKillDisable() && CgroupHierarchy.hasOomKillDisable();
        boolean swappiness = resources.memorySwappiness() >= 0 && CgroupHierarchy.hasSwappiness();
        Memory memory = new Memory(
                unlessZero(resources.memory()),
                unlessZero(resources.memoryReservation()),
                swap(resources),
                swappiness ? resources.memorySwappiness() : null,
                disable ? true : null);
        return memory.equals(new Memory(null, null, null, null, null)) ? null : memory;
    }

    /** As much swap as memory, where nothing is said. */
    private static Long swap(Resources resources) {
        if (resources.memory() == 0 || !CgroupHierarchy.hasSwapLimit()) {
            return null;
        }
        return resources.memorySwap() != 0 ? resources.memorySwap() : Long.valueOf(resources.memory() * 2);
    }

    public static Cpu cpu(Resources resources) {
        boolean time = CgroupHierarchy.has("cpu");
        boolean set = CgroupHierarchy.has("cpuset");
        boolean counted = resources.nanoCpus() > 0;
        Cpu cpu = new Cpu(
                time ? unlessZero(resources.cpuShares()) : null,
                time ? unlessZero(counted ? resources.nanoCpus() * PERIOD / NANOS : resources.cpuQuota()) : null,
                time ? unlessZero(counted ? PERIOD : resources.cpuPeriod()) : null,
                set ? unlessEmpty(resources.cpusetCpus()) : null,
                set ? unlessEmpty(resources.cpusetMems()) : null);
        return cpu.equals(new Cpu(null, null, null, null, null)) ? null : cpu;
    }

    public static Pids pids(Resources resources) {
        return resources.pidsLimit() == 0 || !CgroupHierarchy.has("pids") ? null : new Pids(resources.pidsLimit());
    }

    public static BlockIo blockIo(Resources resources) {
        boolean weighed = resources.blkioWeight() > 0 && CgroupHierarchy.hasBlkioWeight();
        BlockIo io = new BlockIo(
                weighed ? resources.blkioWeight() : null,
                throttles(resources.readBytes()),
                throttles(resources.writeBytes()),
                throttles(resources.readOperations()),
                throttles(resources.writeOperations()));
        return Stream.of(
                                io.weight(),
                                io.throttleReadBpsDevice(),
                                io.throttleWriteBpsDevice(),
                                io.throttleReadIOPSDevice(),
                                io.throttleWriteIOPSDevice())
                        .allMatch(Objects::isNull)
                ? null
                : io;
    }

    private static List<Throttle> throttles(List<Resources.Rate> rates) {
        if (rates.isEmpty() || !CgroupHierarchy.has("blkio")) {
            return null;
        }
        return rates.stream()
                .map(rate -> {
                    FileStatus device = ResourceRules.device(rate);
                    return new Throttle(device.major(), device.minor(), rate.rate());
                })
                .toList();
    }

    public static List<HugePages> hugePages(PodLimits limits) {
        return hugePages(limits, CgroupHierarchy.has("hugetlb"));
    }

    static List<HugePages> hugePages(PodLimits limits, boolean limitable) {
        return limits.hugePages().isEmpty() || !limitable
                ? null
                : limits.hugePages().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(limit -> new HugePages(limit.getKey(), limit.getValue()))
                        .toList();
    }

    public static Map<String, String> unified(PodLimits limits) {
        return unified(limits, CgroupHierarchy.isUnified());
    }

    static Map<String, String> unified(PodLimits limits, boolean limitable) {
        return limits.unified().isEmpty() || !limitable ? null : new TreeMap<>(limits.unified());
    }

    private static Long unlessZero(long value) {
        return value == 0 ? null : Long.valueOf(value);
    }

    private static String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
