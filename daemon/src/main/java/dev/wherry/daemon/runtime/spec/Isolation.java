package dev.wherry.daemon.runtime.spec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * How a container is kept in, as it was asked for. Kept with the container as JSON.
 *
 * @param capAdd names with or without "CAP_", or "ALL"
 * @param securityOptions "seccomp=unconfined", "seccomp=" with a profile's JSON, "no-new-privileges", "apparmor=NAME",
 *     "label=…"
 * @param pid "host", "container:ID", or empty for a namespace of its own
 * @param ipc "host", "container:ID", "none", "private", "shareable"; empty for the default
 * @param uts "host" or empty
 * @param cgroupNamespace "host", "private", or empty for the default
 * @param userNamespace "host" or empty
 * @param groups supplementary groups by name or number
 * @param deviceRules such as "c 42:* rmw"
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Isolation(
        boolean privileged,
        boolean readOnly,
        List<String> capAdd,
        List<String> capDrop,
        List<String> securityOptions,
        String pid,
        String ipc,
        String uts,
        String cgroupNamespace,
        String userNamespace,
        Map<String, String> sysctls,
        List<String> groups,
        List<Device> devices,
        List<String> deviceRules,
        List<ProcessAdditions.Limit> limits) {

    /** What every container gets. */
    public static final Isolation DEFAULT = new Isolation(
            false, false, List.of(), List.of(), List.of(), "", "", "", "", "", Map.of(), List.of(), List.of(),
            List.of(), List.of());

    public Isolation {
        capAdd = List.copyOf(capAdd);
        capDrop = List.copyOf(capDrop);
        securityOptions = List.copyOf(securityOptions);
        sysctls = Map.copyOf(sysctls);
        groups = List.copyOf(groups);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        limits = List.copyOf(limits);
    }

    /** The same with other namespaces to join. */
    public Isolation joining(String pid, String ipc) {
        return new Isolation(
                privileged,
                readOnly,
                capAdd,
                capDrop,
                securityOptions,
                pid,
                ipc,
                uts,
                cgroupNamespace,
                userNamespace,
                sysctls,
                groups,
                devices,
                deviceRules,
                limits);
    }

    /**
     * A device node of the host.
     *
     * @param permissions of "rwm"
     */
    @RegisterForReflection
    public record Device(String hostPath, String containerPath, String permissions) {}
}
