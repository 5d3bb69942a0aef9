package dev.wherry.daemon.runtime.cgroup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Limits by control groups, as they were asked for; 0 or empty is none where nothing else is said. Kept with the
 * container as JSON.
 *
 * @param memorySwap memory and swap together, in bytes; -1 for no limit
 * @param memorySwappiness 0 to 100; -1 when not given
 * @param nanoCpus CPUs times 10^9
 * @param cpuPeriod in microseconds, as {@code cpuQuota}
 * @param pidsLimit -1 for no limit
 * @param blkioWeight 10 to 1000
 * @param oomScoreAdj -1000 to 1000
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Resources(
        long memory,
        long memoryReservation,
        long memorySwap,
        int memorySwappiness,
        long nanoCpus,
        long cpuShares,
        long cpuPeriod,
        long cpuQuota,
        String cpusetCpus,
        String cpusetMems,
        long pidsLimit,
        int blkioWeight,
        int oomScoreAdj,
        boolean oomKillDisable,
        String cgroupParent,
        List<Rate> readBytes,
        List<Rate> writeBytes,
        List<Rate> readOperations,
        List<Rate> writeOperations) {

    /** Of those limits that say so. */
    public static final long UNLIMITED = -1;

    /** No limits. */
    public static final Resources DEFAULT = new Resources(
            0, 0, 0, -1, 0, 0, 0, 0, "", "", 0, 0, 0, false, "", List.of(), List.of(), List.of(), List.of());

    public Resources {
        readBytes = List.copyOf(readBytes);
        writeBytes = List.copyOf(writeBytes);
        readOperations = List.copyOf(readOperations);
        writeOperations = List.copyOf(writeOperations);
    }

    /**
     * How much a second of a block device.
     *
     * @param path of the device on the host
     */
    @RegisterForReflection
    public record Rate(String path, long rate) {}
}
