package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.v1.Resources;
import picocli.CommandLine.Option;

/** Limits that a container gets when it is made, and that {@code update} changes. */
public final class LimitFlags {
    @Option(
            names = {"-m", "--memory"},
            paramLabel = "BYTES",
            description = "Most memory, such as 512m")
    String memory;

    @Option(names = "--memory-reservation", paramLabel = "BYTES", description = "Memory to be left when it is scarce")
    String memoryReservation;

    @Option(
            names = "--memory-swap",
            paramLabel = "BYTES",
            description = "Most memory and swap together; -1 for as much swap as there is")
    String memorySwap;

    @Option(names = "--cpus", paramLabel = "N", description = "Most CPUs, such as 1.5")
    String cpus;

    @Option(
            names = {"-c", "--cpu-shares"},
            paramLabel = "N",
            description = "Weight among containers when CPU is scarce; 1024 is usual")
    String cpuShares;

    @Option(names = "--cpu-period", paramLabel = "MICROSECONDS", description = "Period of the CPU quota")
    String cpuPeriod;

    @Option(names = "--cpu-quota", paramLabel = "MICROSECONDS", description = "Most CPU time in a period")
    String cpuQuota;

    @Option(names = "--cpuset-cpus", paramLabel = "LIST", description = "CPUs it may run on, such as 0-2,4")
    String cpusetCpus = "";

    @Option(names = "--cpuset-mems", paramLabel = "LIST", description = "Memory nodes it may use, such as 0,1")
    String cpusetMems = "";

    @Option(names = "--pids-limit", paramLabel = "N", description = "Most processes and threads; -1 for no limit")
    String pidsLimit;

    @Option(names = "--blkio-weight", paramLabel = "N", description = "Weight of its disk use, 10 to 1000; 0 for none")
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
