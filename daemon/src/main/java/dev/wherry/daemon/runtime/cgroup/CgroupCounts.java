package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.linux.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All that the kernel counts for one running container, by the names that Kubernetes has for it (cAdvisor's) after their
 * "container_". What cannot be read is 0.
 */
public final class CgroupCounts {

    /** The kernel counts these times in hundredths of a second (USER_HZ). */
    private static final long TICKS_A_SECOND = 100;

    private static final int SECTOR = 512;

    private final CgroupUsage usage;
    private final boolean unified = CgroupHierarchy.isUnified();
    private final Map<String, Long> counts = new LinkedHashMap<>();

    private CgroupCounts(CgroupUsage usage) {
        this.usage = usage;
    }

    /** @param pid of its first process */
    public static Map<String, Long> of(String container, int pid) {
        CgroupCounts all = new CgroupCounts(CgroupUsage.of(container, pid));
        all.cpu();
        all.memory();
        all.processes();
        all.blocks();
        return all.counts;
    }

    private void put(String name, long value) {
        counts.put(name, Math.max(0, value));
    }

    private void cpu() {
        String cpu = usage.text(unified ? "" : "cpu", "cpu.stat");
        put("cpu_usage_seconds_total", TimeUnit.NANOSECONDS.toSeconds(usage.cpuNanos()));
        if (unified) {
            put("cpu_user_seconds_total", TimeUnit.MICROSECONDS.toSeconds(CgroupUsage.value(cpu, "user_usec")));
            put("cpu_system_seconds_total", TimeUnit.MICROSECONDS.toSeconds(CgroupUsage.value(cpu, "system_usec")));
            put(
                    "cpu_cfs_throttled_seconds_total",
                    TimeUnit.MICROSECONDS.toSeconds(CgroupUsage.value(cpu, "throttled_usec")));
        } else {
            String ticks = usage.text("cpuacct", "cpuacct.stat");
            put("cpu_user_seconds_total", CgroupUsage.value(ticks, "user") / TICKS_A_SECOND);
            put("cpu_system_seconds_total", CgroupUsage.value(ticks, "system") / TICKS_A_SECOND);
            put(
                    "cpu_cfs_throttled_seconds_total",
                    TimeUnit.NANOSECONDS.toSeconds(CgroupUsage.value(cpu, "throttled_time")));
        }
        put("cpu_cfs_periods_total", CgroupUsage.value(cpu, "nr_periods"));
        put("cpu_cfs_throttled_periods_total", CgroupUsage.value(cpu, "nr_throttled"));
    }

    private void memory() {
        CgroupUsage.Memory memory = usage.memory();
        String stat = usage.text("memory", "memory.stat");
        put("memory_usage_bytes", memory.usage());
        put("memory_working_set_bytes", usage.memoryBytes());
        put("memory_rss", memory.rss());
        put("memory_failures_total", memory.faults());
        if (unified) {
            put("memory_cache", CgroupUsage.value(stat, "file"));
            put("memory_mapped_file", CgroupUsage.value(stat, "file_mapped"));
            put("memory_kernel_usage", CgroupUsage.value(stat, "kernel"));
            put("memory_swap", number("memory.swap.current"));
            put("memory_max_usage_bytes", number("memory.peak"));
            put("memory_failcnt", CgroupUsage.value(usage.text("", "memory.events"), "max"));
            put("oom_events_total", CgroupUsage.value(usage.text("", "memory.events"), "oom_kill"));
        } else {
            put("memory_cache", CgroupUsage.value(stat, "total_cache"));
            put("memory_mapped_file", CgroupUsage.value(stat, "total_mapped_file"));
            put("memory_kernel_usage", number("memory.kmem.usage_in_bytes"));
            put("memory_swap", CgroupUsage.value(stat, "total_swap"));
            put("memory_max_usage_bytes", number("memory.max_usage_in_bytes"));
            put("memory_failcnt", number("memory.failcnt"));
            put("oom_events_total", CgroupUsage.value(usage.text("memory", "memory.oom_control"), "oom_kill"));
        }
    }

    private long number(String file) {
        return CgroupUsage.number(usage.text("memory", file), 0);
    }

    private void processes() {
        List<Integer> pids = usage.processes();
        long descriptors = 0;
        long sockets = 0;
        for (int pid : pids) {
            try {
                for (Path descriptor : FileTrees.list(Path.of("/proc", Integer.toString(pid), "fd"))) {
                    descriptors++;
                    sockets += isSocket(descriptor) ? 1 : 0;
                }
            } catch (IOException ended) {
                // It has none any more.
            }
        }
        put("processes", pids.size());
        put("threads", usage.pids());
        put("threads_max", CgroupUsage.number(usage.text("pids", "pids.max"), 0));
        put("file_descriptors", descriptors);
        put("sockets", sockets);
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }

    private void blocks() {
        CgroupUsage.Traffic bytes = usage.blocks();
        CgroupUsage.Traffic operations = usage.operations();
        put("fs_reads_bytes_total", bytes.in());
        put("fs_writes_bytes_total", bytes.out());
        put("fs_reads_total", operations.in());
        put("fs_writes_total", operations.out());
        put("blkio_device_usage_total", (bytes.in() + bytes.out()) / SECTOR * SECTOR);
    }
}
