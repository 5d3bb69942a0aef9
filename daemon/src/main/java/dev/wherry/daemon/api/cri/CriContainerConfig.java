package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.KeyValue;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.Signal;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.Networking;
import dev.wherry.daemon.container.config.PodMembership;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.SandboxConfig;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a kubelet asks of a container, as the package {@code container} understands it. */
final class CriContainerConfig {

    /** Kubelet rotates the log itself. */
    private static final LogConfig UNBOUNDED = new LogConfig("json-file", Map.of("max-size", "-1"));

    private static final HealthCheck NO_CHECK = new HealthCheck(List.of("NONE"), 0, 0, 0, 0, 0);
    private static final int LONGEST_NAME = 128;
    private static final int SHORT = 40;

    private CriContainerConfig() {}

    /** The name that Wherry knows the container by: like the names that docker's users know from Kubernetes. */
    static String name(ContainerConfig config, SandboxConfig pod) {
        if (config.getMetadata().getName().isEmpty()) {
            throw new InvalidInputException("a container of a pod needs a name").in("config.metadata.name");
        }
        String name = String.join(
                "_",
                "k8s",
                config.getMetadata().getName(),
                pod.name(),
                pod.namespace(),
                pod.uid(),
                Integer.toUnsignedString(config.getMetadata().getAttempt()));
        if (name.length() <= LONGEST_NAME && name.matches("[A-Za-z0-9_.-]+")) {
            return name;
        }
        String readable = config.getMetadata().getName().replaceAll("[^A-Za-z0-9_.-]", "-");
        return "k8s_" + readable.substring(0, Math.min(SHORT, readable.length())) + "_"
                + Digest.sha256(name).hex();
    }

    static dev.wherry.daemon.container.config.ContainerConfig of(ContainerConfig config, Pod sandbox) {
        UserNamespaces.check(config, sandbox.config());
        if (config.getImage().getImage().isEmpty()) {
            throw new InvalidInputException("no image is named").in("config.image");
        }
        String log = log(config, sandbox.config());
        return new dev.wherry.daemon.container.config.ContainerConfig(
                config.getImage().getImage(),
                config.getArgsList(),
                config.getCommandList(),
                config.getEnvsList().stream().map(CriContainerConfig::variable).toList(),
                config.getWorkingDir(),
                user(config.getLinux().getSecurityContext()),
                config.getTty(),
                config.getStdin(),
                config.getStdinOnce(),
                false,
                sandbox.config().hasNetwork() ? NetworkMode.ofPod(sandbox.id()) : "host",
                "",
                config.getLabelsMap(),
                signal(config.getStopSignal()),
                null,
                false,
                List.of(),
                RestartPolicy.NO,
                NO_CHECK,
                CriIsolation.of(config, sandbox),
                CriResources.of(
                        config.getLinux().getResources(), sandbox.config().cgroupParent()),
                config.getMountsList().stream().map(CriMounts::request).toList(),
                0,
                log.isEmpty() ? LogConfig.DEFAULT : UNBOUNDED,
                null,
                sandbox.config().runtime(),
                Map.of(),
                null,
                Networking.NONE,
                new PodMembership(
                        sandbox.id(),
                        sandbox.config().namespace() + "/" + sandbox.config().name(),
                        config.getMetadata().getName(),
                        config.getMetadata().getAttempt(),
                        config.getImage().getUserSpecifiedImage(),
                        config.getAnnotationsMap(),
                        joined(config, sandbox.config()),
                        log,
                        sandbox.config().users()),
                null);
    }

    private static Set<String> joined(ContainerConfig config, SandboxConfig pod) {
        Set<String> joined = new HashSet<>();
        if (pod.hasNetwork()) {
            joined.addAll(Set.of("net", "uts"));
        }
        if (pod.ipc() != Share.NODE) {
            joined.add("ipc");
        }
        if (CriIsolation.sharesPid(config)) {
            joined.add("pid");
        }
        return joined;
    }

    private static String log(ContainerConfig config, SandboxConfig pod) {
        if (pod.logDirectory().isEmpty() || config.getLogPath().isEmpty()) {
            return "";
        }
        Path folder = Path.of(pod.logDirectory());
        if (config.getLogPath().indexOf('\0') < 0) {
            Path file = folder.resolve(config.getLogPath()).normalize();
            if (file.startsWith(folder) && !file.equals(folder)) {
                return file.toString();
            }
        }
        throw new InvalidInputException("the log path is not a path within the pod's log directory " + folder)
                .in("config.log_path");
    }

    private static String variable(KeyValue variable) {
        return variable.getKey() + "=" + variable.getValue().toStringUtf8();
    }

    private static String user(LinuxContainerSecurityContext security) {
        String user = security.hasRunAsUser()
                ? Long.toString(security.getRunAsUser().getValue())
                : security.getRunAsUsername();
        if (!security.hasRunAsGroup()) {
            return user;
        }
        if (user.isEmpty()) {
            throw new InvalidInputException("a group without a user: set run_as_user or run_as_username too")
                    .in("config.linux.security_context.run_as_group");
        }
        return user + ":" + security.getRunAsGroup().getValue();
    }

    /** The signals of real time have names that are no names of fields. */
    private static String signal(Signal signal) {
        return switch (signal) {
            case SIGNAL_RUNTIME_DEFAULT -> "";
            case UNRECOGNIZED -> throw new InvalidInputException("the stop signal is not known");
            default ->
                signal.name()
                        .substring("SIGNAL_".length())
                        .replace("MINPLUS", "MIN+")
                        .replace("MAXMINUS", "MAX-");
        };
    }

    static Signal signal(String name) {
        String field = (name.startsWith("SIG") ? "SIGNAL_" : "SIGNAL_SIG")
                + name.replace("MIN+", "MINPLUS").replace("MAX-", "MAXMINUS");
        for (Signal signal : Signal.values()) {
            if (signal.name().equals(field)) {
                return signal;
            }
        }
        return Signal.SIGNAL_RUNTIME_DEFAULT;
    }
}
