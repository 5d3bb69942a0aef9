package dev.wherry.daemon.runtime.spec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
 * @param pod what only the container of a pod asks for
 * @param technology "default", the only one of Linux, or empty; kept and shown
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
        List<ProcessAdditions.Limit> limits,
        OfPod pod,
        String technology) {

    /** What every container gets. */
    public static final Isolation DEFAULT = new Isolation(
            false, false, List.of(), List.of(), List.of(), "", "", "", "", "", Map.of(), List.of(), List.of(),
            List.of(), List.of());

    /** Of no pod. */
    public Isolation(
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
        this(
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
                limits,
                OfPod.NOTHING,
                "");
    }

    public Isolation {
        pod = Objects.requireNonNullElse(pod, OfPod.NOTHING);
        technology = Objects.requireNonNullElse(technology, "");
        capAdd = List.copyOf(capAdd);
        capDrop = List.copyOf(capDrop);
        securityOptions = List.copyOf(securityOptions);
        sysctls = Map.copyOf(sysctls);
        groups = List.copyOf(groups);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        limits = List.copyOf(limits);
    }

    /** The same with other paths of the kernel hidden and made read-only; null for the usual ones. */
    public Isolation hiding(List<String> maskedPaths, List<String> readOnlyPaths) {
        return with(pid, ipc, pod.with(maskedPaths, readOnlyPaths, pod.limits()));
    }

    /** The same with other limits of a pod's container. */
    public Isolation limitedTo(PodLimits limits) {
        return with(pid, ipc, pod.with(pod.maskedPaths(), pod.readOnlyPaths(), limits));
    }

    /** The same with other namespaces to join. */
    public Isolation joining(String pid, String ipc) {
        return with(pid, ipc, pod);
    }

    private Isolation with(String pid, String ipc, OfPod pod) {
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
                limits,
                pod,
                technology);
    }

    /**
     * A device node of the host.
     *
     * @param permissions of "rwm"
     */
    @RegisterForReflection
    public record Device(String hostPath, String containerPath, String permissions) {}

    /** Which supplementary groups a process has besides those that are asked for. */
    @RegisterForReflection
    public enum GroupPolicy {
        /** Those that the image puts its user into, unless the main group is asked for: docker's way. */
        OF_IMAGE_UNLESS_GIVEN,
        /** Those that the image puts its user into. */
        OF_IMAGE,
        NONE
    }

    /**
     * What the container of a pod asks for, of which docker's API knows the paths alone.
     *
     * @param ambient capabilities that a program has without being root
     * @param maskedPaths instead of the usual ones, unless null
     * @param readOnlyPaths instead of the usual ones, unless null
     * @param cdiDevices names of devices by the Container Device Interface
     * @param hugePages limits in bytes by the size of a page, such as "2MB"
     * @param unified files of the control group and what they hold, where control groups are of version 2
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OfPod(
            GroupPolicy groups,
            List<String> ambient,
            List<String> maskedPaths,
            List<String> readOnlyPaths,
            List<String> cdiDevices,
            Map<String, Long> hugePages,
            Map<String, String> unified) {

        public static final OfPod NOTHING =
                new OfPod(GroupPolicy.OF_IMAGE_UNLESS_GIVEN, List.of(), null, null, List.of(), Map.of(), Map.of());

        public OfPod {
            ambient = List.copyOf(ambient);
            maskedPaths = maskedPaths == null ? null : List.copyOf(maskedPaths);
            readOnlyPaths = readOnlyPaths == null ? null : List.copyOf(readOnlyPaths);
            cdiDevices = List.copyOf(cdiDevices);
            hugePages = Map.copyOf(Objects.requireNonNullElse(hugePages, Map.of()));
            unified = Map.copyOf(Objects.requireNonNullElse(unified, Map.of()));
        }

        /** Its limits by control groups. */
        public PodLimits limits() {
            return new PodLimits(hugePages, unified);
        }

        private OfPod with(List<String> nextMasked, List<String> nextReadOnly, PodLimits limits) {
            return new OfPod(
                    groups, ambient, nextMasked, nextReadOnly, cdiDevices, limits.hugePages(), limits.unified());
        }
    }
}
