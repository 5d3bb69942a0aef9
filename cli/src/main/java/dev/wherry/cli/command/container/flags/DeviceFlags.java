package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.command.ProcessLimit;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.Device;
import dev.wherry.v1.Isolation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Devices of the host, and resource limits of processes (setrlimit(2)). */
final class DeviceFlags {
    @Option(names = "--device", paramLabel = "PATH[:INSIDE[:rwm]]", description = "Add a host device to the container")
    List<String> devices = new ArrayList<>();

    @Option(
            names = "--device-cgroup-rule",
            paramLabel = "RULE",
            description = "Add a rule to the list of devices that the cgroup allows, such as 'c 42:* rmw'")
    List<String> rules = new ArrayList<>();

    @Option(
            names = "--ulimit",
            paramLabel = "NAME=SOFT[:HARD]",
            description = "Set a resource limit of processes, such as nofile=1024:2048")
    List<String> limits = new ArrayList<>();

    void into(Isolation.Builder isolation) {
        devices.stream().map(DeviceFlags::device).forEach(isolation::addDevices);
        for (String rule : rules) {
            if (!rule.matches("[acb] ([0-9]{1,9}|\\*):([0-9]{1,9}|\\*) [rwm]{1,3}")) {
                throw FlagValue.invalid(
                        "--device-cgroup-rule",
                        rule,
                        "invalid device cgroup format '" + rule + "': such as 'c 42:* rmw'");
            }
            isolation.addDeviceRules(rule);
        }
        limits.stream().map(ProcessLimit::parse).forEach(isolation::addLimits);
    }

    private static Device device(String given) {
        String[] parts = given.split(":", -1);
        boolean modeOnly = parts.length == 2 && isMode(parts[1]);
        String inside = parts.length == 1 || modeOnly || parts[1].isEmpty() ? parts[0] : parts[1];
        String mode = modeOnly ? parts[1] : parts.length == 3 ? parts[2] : "rwm";
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw new Failure("invalid device specification: " + given, ExitStatus.NOT_STARTED);
        }
        if (!parts[0].startsWith("/") && parts[0].contains("=")) {
            throw new Failure("--device " + given + ": CDI devices are not supported yet", ExitStatus.NOT_STARTED);
        }
        if (!parts[0].startsWith("/") || !inside.startsWith("/")) {
            String path = parts[0].startsWith("/") ? inside : parts[0];
            throw new Failure("--device " + given + ": " + path + " is not an absolute path", ExitStatus.NOT_STARTED);
        }
        if (!isMode(mode)) {
            throw new Failure("--device " + given + ": bad mode specified: " + mode, ExitStatus.NOT_STARTED);
        }
        return Device.newBuilder()
                .setHostPath(parts[0])
                .setContainerPath(inside)
                .setPermissions(mode)
                .build();
    }

    private static boolean isMode(String text) {
        return text.matches("[rwm]{1,3}") && text.chars().distinct().count() == text.length();
    }
}
