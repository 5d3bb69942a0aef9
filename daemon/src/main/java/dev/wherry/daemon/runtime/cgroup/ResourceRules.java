package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which limits make sense, by themselves and on this host; docker's rules. */
public final class ResourceRules {

    private static final long LEAST_MEMORY = 6L << 20;
    private static final long NANOS = 1_000_000_000L;
    private static final int MOST_CPUS = 1 << 14;
    private static final int MOST_FILES = 100;
    private static final int LONGEST_FILE = 128;
    private static final int LONGEST_CONTENT = 4096;
    private static final Pattern PAGE_SIZE = Pattern.compile("[0-9]{1,10}[KMG]B");
    /** Of a controller: those of the group itself are for its processes, its state and the groups in it. */
    private static final Pattern LIMIT_FILE =
            Pattern.compile("(?!cgroup[.](?!max[.]))[A-Za-z0-9_]+([.][A-Za-z0-9_]+)+");

    private ResourceRules() {}

    /** @throws InvalidInputException when a limit is out of its range, or two contradict each other */
    public static void check(Resources resources) {
        memory(resources);
        cpu(resources);
        cpuset("CPU set", "cpus", resources.cpusetCpus());
        cpuset("memory node set", "mems", resources.cpusetMems());
        within("block IO weight", resources.blkioWeight() == 0 ? 10 : resources.blkioWeight(), 10, 1000);
        within("OOM score adjustment", resources.oomScoreAdj(), -1000, 1000);
        refuseIf(resources.pidsLimit() < -1, "PIDs limit " + resources.pidsLimit() + ": use -1 for no limit");
        Stream.of(
                        resources.readBytes(),
                        resources.writeBytes(),
                        resources.readOperations(),
                        resources.writeOperations())
                .flatMap(List::stream)
                .forEach(ResourceRules::device);
    }

    /**
     * @throws InvalidInputException when a name is none of a limit, which might lead out of the control group, or the host
     *     has no such limits
     */
    public static void check(PodLimits limits) {
        check(limits, CgroupHierarchy.isUnified());
    }

    static void check(PodLimits limits, boolean unified) {
        limits.hugePages().forEach((size, limit) -> {
            refuseIf(!PAGE_SIZE.matcher(size).matches(), "size of huge pages \"" + size + "\": use one as 2MB or 1GB");
            refuseIf(limit < 0, "limit of huge pages of " + size + ": use 0 or more bytes");
        });
        refuseIf(
                !limits.unified().isEmpty() && !unified,
                "unified limits: this host has control groups of version 1, which have none");
        refuseIf(limits.unified().size() > MOST_FILES, "unified limits: at most " + MOST_FILES + " can be set");
        limits.unified().forEach((file, content) -> {
            refuseIf(
                    file.length() > LONGEST_FILE || !LIMIT_FILE.matcher(file).matches(),
                    "unified limit \"" + file + "\": not the name of a limit as memory.high");
            refuseIf(
                    content.length() > LONGEST_CONTENT || content.indexOf('\0') >= 0,
                    "unified limit " + file + ": more than " + LONGEST_CONTENT
                            + " characters, or one that no file has");
        });
    }

    private static void memory(Resources resources) {
        long memory = resources.memory();
        long swap = resources.memorySwap();
        long reservation = resources.memoryReservation();
        refuseIf(memory != 0 && memory < LEAST_MEMORY, "memory limit: at least 6 MiB are needed");
        refuseIf(swap < -1, "swap limit: use -1 for no limit");
        refuseIf(
                memory > 0 && swap > 0 && swap < memory,
                "swap limit: memory and swap together must not be less than the memory limit");
        refuseIf(memory == 0 && swap > 0, "a swap limit needs a memory limit too");
        refuseIf(reservation != 0 && reservation < LEAST_MEMORY, "memory reservation: at least 6 MiB can be reserved");
        refuseIf(memory > 0 && reservation > memory, "the memory reservation must not be more than the memory limit");
        within("memory swappiness", Math.max(resources.memorySwappiness(), 0), 0, 100);
        refuseIf(resources.memorySwappiness() < -1, "memory swappiness: use 0 to 100");
    }

    private static void cpu(Resources resources) {
        long cpus = resources.nanoCpus();
        refuseIf(
                cpus != 0 && (resources.cpuPeriod() != 0 || resources.cpuQuota() != 0),
                "a number of CPUs does not go with a CPU period and quota: it sets both");
        int available = Runtime.getRuntime().availableProcessors();
        refuseIf(
                cpus < 0 || cpus > available * NANOS || cpus > 0 && cpus < NANOS / 100,
                "number of CPUs: use 0.01 to " + available + ", as many as there are");
        refuseIf(
                resources.cpuPeriod() != 0 && (resources.cpuPeriod() < 1000 || resources.cpuPeriod() > 1_000_000),
                "CPU period " + resources.cpuPeriod() + ": use 1000 to 1000000 microseconds");
        refuseIf(
                resources.cpuQuota() > 0 && resources.cpuQuota() < 1000,
                "CPU quota " + resources.cpuQuota() + ": use at least 1000 microseconds");
        refuseIf(resources.cpuShares() < 0, "CPU shares " + resources.cpuShares() + ": use a positive number");
    }

    private static void cpuset(String field, String kind, String wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        String available = CgroupHierarchy.available(kind);
        BitSet lacking = numbers(field, wanted);
        if (!available.isEmpty()) {
            lacking.andNot(numbers(field, available));
            refuseIf(!lacking.isEmpty(), field + " " + wanted + ": there are only " + available);
        }
    }

    private static BitSet numbers(String field, String list) {
        BitSet numbers = new BitSet();
        try {
            for (String range : list.split(",")) {
                String[] ends = range.split("-", 2);
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                refuseIf(first < 0 || last < first || last > MOST_CPUS, field + " " + list + ": not a list as 0-3,8");
                numbers.set(first, last + 1);
            }
            return numbers;
        } catch (NumberFormatException malformed) {
            throw new InvalidInputException(field + " " + list + ": not a list as 0-3,8");
        }
    }

    /** @throws InvalidInputException when it is no device that has a rate */
    static FileStatus device(Resources.Rate rate) {
        try {
            FileStatus status = Inodes.status(Path.of(rate.path()).toRealPath());
            if (status.type() == FileStatus.BLOCK) {
                return status;
            }
        } catch (IOException absent) {
            // As bad as another file.
        }
        throw new InvalidInputException(
                rate.path() + ": no block device on the daemon's host, so that no rate limits it");
    }

    private static void within(String field, int value, int least, int most) {
        refuseIf(value < least || value > most, field + " " + value + ": use " + least + " to " + most);
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new InvalidInputException(message);
        }
    }

    /** What of the limits has no effect on this host, or may surprise. */
    public static List<String> warnings(Resources resources) {
        List<String> warnings = new ArrayList<>();
        boolean memory = resources.memory() > 0 || resources.memoryReservation() > 0;
        if (memory && !CgroupHierarchy.has("memory")) {
            warnings.add("The kernel cannot limit memory: the limit is left out.");
        } else if (resources.memory() > 0 && !CgroupHierarchy.hasSwapLimit()) {
            warnings.add("The kernel cannot limit swap: memory is limited without swap.");
        }
        if (resources.memorySwappiness() >= 0 && !CgroupHierarchy.hasSwappiness()) {
            warnings.add("The kernel has no swappiness of groups: it is left out.");
        }
        if (resources.oomKillDisable() && !CgroupHierarchy.hasOomKillDisable()) {
            warnings.add("The kernel cannot disable the OOM killer of a group: it stays enabled.");
        } else if (resources.oomKillDisable() && resources.memory() == 0) {
            warnings.add("The OOM killer is disabled without a memory limit: the container may use up the host's"
                    + " memory.");
        }
        if (resources.pidsLimit() > 0 && !CgroupHierarchy.has("pids")) {
            warnings.add("The kernel cannot limit the number of processes: the limit is left out.");
        }
        if (resources.blkioWeight() > 0 && !CgroupHierarchy.hasBlkioWeight()) {
            warnings.add("The kernel has no weights of block devices: the block IO weight is left out.");
        }
        if ((resources.nanoCpus() > 0 || resources.cpuQuota() > 0 || resources.cpuShares() > 0)
                && !CgroupHierarchy.has("cpu")) {
            warnings.add("The kernel cannot limit processor time: the limit is left out.");
        }
        if (!(resources.cpusetCpus() + resources.cpusetMems()).isEmpty() && !CgroupHierarchy.has("cpuset")) {
            warnings.add("The kernel cannot bind to processors: the limit is left out.");
        }
        return warnings;
    }
}
