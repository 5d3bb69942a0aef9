package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.Isolation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The isolation of a container: its privileges, and the namespaces that it shares with the host. */
final class IsolationFlags {
    @Mixin
    DeviceFlags devices = new DeviceFlags();

    @Option(
            names = "--privileged",
            description = "Give extended privileges to the container: all capabilities and devices, no restrictions")
    boolean privileged;

    @Option(names = "--read-only", description = "Mount the container's root filesystem as read only")
    boolean readOnly;

    @Option(names = "--cap-add", paramLabel = "CAPABILITY", description = "Add a Linux capability, or ALL")
    List<String> capAdd = new ArrayList<>();

    @Option(names = "--cap-drop", paramLabel = "CAPABILITY", description = "Drop a Linux capability, or ALL")
    List<String> capDrop = new ArrayList<>();

    @Option(
            names = "--security-opt",
            paramLabel = "OPTION",
            description = "Security option: seccomp=FILE|unconfined, no-new-privileges, apparmor=PROFILE,"
                    + " systempaths=unconfined")
    List<String> securityOptions = new ArrayList<>();

    @Option(
            names = "--pid",
            paramLabel = "host|container:NAME",
            description = "PID namespace to use (default: a private one)")
    String pid = "";

    @Option(
            names = "--ipc",
            paramLabel = "MODE",
            description = "IPC namespace to use: none, private, shareable, host or container:NAME")
    String ipc = "";

    @Option(names = "--uts", paramLabel = "host", description = "UTS namespace to use (default: a private one)")
    String uts = "";

    @Option(names = "--cgroupns", paramLabel = "host|private", description = "Cgroup namespace to use")
    String cgroups = "";

    @Option(names = "--userns", paramLabel = "host", description = "User namespace to use")
    String users = "";

    @Option(names = "--sysctl", paramLabel = "KEY=VALUE", description = "Set a namespaced kernel parameter")
    List<String> sysctls = new ArrayList<>();

    @Option(
            names = "--group-add",
            paramLabel = "GROUP",
            description = "Add an additional group to join, by name or GID")
    List<String> groups = new ArrayList<>();

    /** @throws Failure when a value cannot be */
    Isolation isolation() {
        check("--pid", pid, pid.equals("host") || isContainer(pid), "invalid PID mode");
        check("--uts", uts, uts.equals("host"), "invalid UTS mode");
        check("--userns", users, users.equals("host"), "invalid USER mode");
        check("--cgroupns", cgroups, cgroups.equals("host") || cgroups.equals("private"), "invalid CGROUP mode");
        check("--ipc", ipc, ipc.matches("none|private|shareable|host") || isContainer(ipc), "invalid IPC mode");
        for (String sysctl : sysctls) {
            if (sysctl.indexOf('=') <= 0) {
                throw FlagValue.invalid("--sysctl", sysctl, "give it as KEY=VALUE, such as net.core.somaxconn=1024");
            }
        }
        Isolation.Builder isolation = Isolation.newBuilder()
                .setPrivileged(privileged)
                .setReadOnly(readOnly)
                .addAllCapAdd(capAdd)
                .addAllCapDrop(capDrop)
                .setPid(pid)
                .setIpc(ipc)
                .setUts(uts)
                .setCgroupNamespace(cgroups)
                .setUserNamespace(users)
                .putAllSysctls(KeyValues.map(sysctls))
                .addAllGroups(groups);
        securityOptions.stream().map(SecurityOption::resolved).forEach(isolation::addSecurityOptions);
        devices.into(isolation);
        return isolation.build();
    }

    static boolean isContainer(String mode) {
        return mode.startsWith("container:") && mode.length() > "container:".length();
    }

    private static void check(String flag, String mode, boolean valid, String message) {
        if (!mode.isEmpty() && !valid) {
            throw new Failure(flag + ": " + message + " " + mode, ExitStatus.NOT_STARTED);
        }
    }
}
