package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.DeviceRate;
import dev.wherry.v1.Resources;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The resources that a container may use. */
final class ResourceFlags {
    @Mixin
    LimitFlags limits = new LimitFlags();

    @Option(
            names = "--memory-swappiness",
            paramLabel = "N",
            description = "Tune memory swappiness (0 to 100); -1 for the host's (default -1)")
    String swappiness;

    @Option(names = "--oom-kill-disable", description = "Disable the OOM killer for the container")
    boolean oomKillDisable;

    @Option(
            names = "--oom-score-adj",
            paramLabel = "N",
            description = "Tune the host's OOM preferences (-1000 to 1000)")
    String oomScoreAdj;

    @Option(names = "--cgroup-parent", paramLabel = "GROUP", description = "Parent cgroup for the container")
    String cgroupParent = "";

    @Option(
            names = "--device-read-bps",
            paramLabel = "PATH:RATE",
            description = "Limit read rate (bytes per second) from a device, such as /dev/sda:1mb")
    List<String> readBytes = new ArrayList<>();

    @Option(
            names = "--device-write-bps",
            paramLabel = "PATH:RATE",
            description = "Limit write rate (bytes per second) to a device")
    List<String> writeBytes = new ArrayList<>();

    @Option(
            names = "--device-read-iops",
            paramLabel = "PATH:RATE",
            description = "Limit read rate (IO per second) from a device")
    List<String> readOperations = new ArrayList<>();

    @Option(
            names = "--device-write-iops",
            paramLabel = "PATH:RATE",
            description = "Limit write rate (IO per second) to a device")
    List<String> writeOperations = new ArrayList<>();

    /** @throws Failure when a value cannot be read */
    Resources resources() {
        Resources.Builder resources = Resources.newBuilder();
        limits.into(resources);
        setSwappiness(resources);
        resources
                .setOomKillDisable(oomKillDisable)
                .setOomScoreAdj((int) FlagValue.integer("--oom-score-adj", oomScoreAdj, -1000, 1000))
                .setCgroupParent(cgroupParent);
        readBytes.forEach(rate -> resources.addReadBytes(bytes("--device-read-bps", rate)));
        writeBytes.forEach(rate -> resources.addWriteBytes(bytes("--device-write-bps", rate)));
        readOperations.forEach(rate -> resources.addReadOperations(operations("--device-read-iops", rate)));
        writeOperations.forEach(rate -> resources.addWriteOperations(operations("--device-write-iops", rate)));
        return resources.build();
    }

    private void setSwappiness(Resources.Builder resources) {
        long value = swappiness == null ? -1 : FlagValue.integer("--memory-swappiness", swappiness);
        if (value < -1 || value > 100) {
            throw new Failure(
                    "invalid value: " + value + ". Valid memory swappiness range is 0-100", ExitStatus.NOT_STARTED);
        }
        if (value >= 0) {
            resources.setMemorySwappiness((int) value);
        }
    }

    private static DeviceRate bytes(String flag, String given) {
        int colon = separator(flag, given);
        String rate = given.substring(colon + 1);
        if (!rate.matches("(?i)[0-9]{1,18} ?[kmgtp]?i?b?")) {
            throw FlagValue.invalid(
                    flag,
                    given,
                    "invalid rate for device: " + given + ". The correct format is <device-path>:<number>[<unit>]."
                            + " Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
        }
        return rate(given.substring(0, colon), FlagValue.bytes(flag, rate));
    }

    private static DeviceRate operations(String flag, String given) {
        int colon = separator(flag, given);
        String rate = given.substring(colon + 1);
        if (!rate.matches("[0-9]{1,18}")) {
            throw FlagValue.invalid(
                    flag,
                    given,
                    "invalid rate for device: " + given + ". The correct format is <device-path>:<number>."
                            + " Number must be a positive integer");
        }
        return rate(given.substring(0, colon), Long.parseLong(rate));
    }

    private static int separator(String flag, String given) {
        int colon = given.indexOf(':');
        if (colon <= 0) {
            throw FlagValue.invalid(flag, given, "bad format: " + given);
        }
        if (!given.startsWith("/dev/")) {
            throw FlagValue.invalid(flag, given, "bad format for device path: " + given);
        }
        return colon;
    }

    private static DeviceRate rate(String path, long rate) {
        return DeviceRate.newBuilder().setPath(path).setRate(rate).build();
    }
}
