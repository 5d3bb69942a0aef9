package dev.wherry.daemon.container.stats;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.runtime.cgroup.CgroupUsage.Memory;

/**
 * What a container uses, as control groups and its network namespace count it; all 0 for one that does not run.
 *
 * @param cpuPercent of one CPU: 200 is two of them in full
 * @param memoryBytes without the file pages that the kernel would drop first
 * @param memoryLimitBytes the host's memory when there is no limit
 * @param networkReceivedBytes since its start; 0 when the network is the host's
 * @param pids processes and threads
 * @param cpuNanos CPU time since its start
 * @param cpuNanosBefore the same when it was looked at before
 * @param elapsedNanos between the two
 * @param memory all of it, with the file pages
 */
public record Usage(
        String id,
        String name,
        boolean running,
        double cpuPercent,
        long memoryBytes,
        long memoryLimitBytes,
        long networkReceivedBytes,
        long networkSentBytes,
        long blockReadBytes,
        long blockWrittenBytes,
        long pids,
        long cpuNanos,
        long cpuNanosBefore,
        long elapsedNanos,
        Memory memory) {

    static Usage none(Container container) {
        return new Usage(container.id(), container.name(), false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Memory.NONE);
    }
}
