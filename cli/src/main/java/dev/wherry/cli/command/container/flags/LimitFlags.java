package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.v1.Resources;
import picocli.CommandLine.Option;

/** Resource limits that are set at creation and that {@code update} can change. */
public final class LimitFlags {
    @Option(
            names = {"-m", "--memory"},
            paramLabel = "BYTES",
            description = "Memory limit, such as 512m")
    String memory;

    @Option(names = "--memory-reservation", paramLabel = "BYTES", description = "Memory soft limit")
    String memoryReservation;

    @Option(
            names = "--memory-swap",
            paramLabel = "BYTES",
            description = "Limit of memory plus swap; -1 for unlimited swap")
    String memorySwap;

    @Option(names = "--cpus", paramLabel = "N", description = "Number of CPUs, such as 1.5")
    String cpus;

    @Option(
            names = {"-c", "--cpu-shares"},
            paramLabel = "N",
            description = "CPU shares (relative weight, default 1024)")
    String cpuShares;

    @Option(
            names = "--cpu-period",
            paramLabel = "MICROSECONDS",
            description = "Period of the CPU quota (Completely Fair Scheduler)")
    String cpuPeriod;

    @Option(
            names = "--cpu-quota",
            paramLabel = "MICROSECONDS",
            description = "CPU time that the container may use in each period")
    String cpuQuota;

    @Option(
            names = "--cpuset-cpus",
            paramLabel = "LIST",
            description = "CPUs in which to allow execution, such as 0-2,4")
    String cpusetCpus = "";

    @Option(
            names = "--cpuset-mems",
            paramLabel = "LIST",
            description = "Memory nodes in which to allow execution, such as 0,1")
    String cpusetMems = "";

    @Option(
            names = "--pids-limit",
            paramLabel = "N",
            description = "Limit of the number of processes and threads; -1 for unlimited")
    String pidsLimit;

    @Option(
            names = "--blkio-weight",
            paramLabel = "N",
            description = "Block IO (relative weight), between 10 and 1000, or 0 to disable")
    String blkioWeight;

    /** @throws dev.wherry.cli.error.Failure when a value cannot be read */
    public void into(Resources.Builder resources) {
        resources
                .setMemoryBytes(FlagValue.bytes("-m, --memory", memory))
                .setMemoryReservationBytes(FlagValue.bytes("--memory-reservation", memoryReservation))
                .setMemorySwapBytes(FlagValue.bytesOrUnlimited("--memory-swap", memorySwap))
                .setNanoCpus(FlagValue.nanoCpus("--cpus", cpus))
                .setCpuShares(FlagValue.integer("-c, --cpu-shares", cpuShares))
                .setCpuPeriod(FlagValue.integer("--cpu-period", cpuPeriod))
                .setCpuQuota(FlagValue.integer("--cpu-quota", cpuQuota))
                .setCpusetCpus(cpusetCpus)
                .setCpusetMems(cpusetMems)
                .setPidsLimit(FlagValue.integer("--pids-limit", pidsLimit))
                .setBlkioWeight((int) FlagValue.integer("--blkio-weight", blkioWeight, 0, 65535));
    }
}
