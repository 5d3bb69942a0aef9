package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.bundle.ContainerOptions;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whether a sandbox can be made as it is asked for. */
final class SandboxCheck {

    /** Twice what Kubernetes allows a pod. */
    static final int LARGEST_NOTES = 512 << 10;

    private static final int LONGEST_HOSTNAME = 64;
    private static final int LONGEST_PATH = 4095;

    private SandboxCheck() {}

    /** @throws InvalidInputException with the first thing that is wrong */
    static void check(SandboxConfig config, OciRuntime runtime) {
        require(!config.name().isEmpty() && !config.uid().isEmpty(), "a pod needs a name and a uid");
        require(
                (config.name() + config.uid() + config.namespace()).chars().noneMatch(c -> c <= ' ' || c == 0x7f),
                "the name, namespace or uid of a pod has blanks in it");
        notes(config.labels(), config.annotations());
        require(
                config.hostname().length() <= LONGEST_HOSTNAME
                        && config.hostname().matches("[A-Za-z0-9._-]*"),
                "the hostname \"" + shown(config.hostname())
                        + "\" is not a name of at most 64 letters, digits, hyphens and dots");
        require(
                config.logDirectory().isEmpty()
                        || config.logDirectory().startsWith("/")
                                && config.logDirectory().length() < LONGEST_PATH
                                && config.logDirectory().indexOf('\0') < 0
                                && Path.of(config.logDirectory()).normalize().equals(Path.of(config.logDirectory())),
                "the log directory \"" + shown(config.logDirectory()) + "\" is not an absolute path without \"..\"");
        config.ports()
                .forEach(port -> require(
                        port.containerPort() > 0
                                && port.containerPort() < 1 << 16
                                && port.hostPort() >= 0
                                && port.hostPort() < 1 << 16,
                        "the port mapping " + port.hostPort() + ":" + port.containerPort() + " is not of ports"));
        new ResolverConfig(
                config.dns().servers(), config.dns().searches(), config.dns().options());
        require(!config.runtime().contains("/"), "runtime handler " + shown(config.runtime()) + ": not known");
        runtime.check(config.runtime(), config.cgroupParent());
        sysctls(config);
        if (config.users() != null) {
            users(config);
        }
    }

    private static void users(SandboxConfig config) {
        require(
                config.users().uids().isWhole() && config.users().gids().isWhole(),
                "the user namespace of " + config.title()
                        + " maps no root, or what are no users: map from 0 in it to users of the host");
        require(
                config.hasNetwork() && config.pid() != Share.NODE && config.ipc() != Share.NODE,
                config.title() + " cannot have a user namespace and share the network, processes or IPC of the host:"
                        + " set hostUsers: true, or leave these out");
    }

    /** @throws InvalidInputException when labels and annotations are too large to be kept */
    static void notes(Map<String, String> labels, Map<String, String> annotations) {
        long length = 0;
        for (Map<String, String> notes : List.of(labels, annotations)) {
            for (Map.Entry<String, String> note : notes.entrySet()) {
                length += note.getKey().length() + note.getValue().length();
            }
        }
        require(length <= LARGEST_NOTES, "labels and annotations together are larger than 512 KiB");
    }

    private static void sysctls(SandboxConfig config) {
        Isolation none = Isolation.DEFAULT;
        Isolation asked = new Isolation(
                false,
                false,
                List.of(),
                List.of(),
                List.of(),
                "",
                config.ipc() == SandboxConfig.Share.NODE ? "host" : "",
                "",
                "",
                "",
                config.sysctls(),
                none.groups(),
                none.devices(),
                none.deviceRules(),
                none.limits());
        new ContainerOptions(
                        asked, Resources.DEFAULT, ResolverConfig.HOST, false, "", Map.of(), "", JoinedContainers.NONE)
                .check(config.hasNetwork() ? NetworkMode.BRIDGE : NetworkMode.HOST);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InvalidInputException(message);
        }
    }

    private static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
