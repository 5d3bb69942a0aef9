package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.CDIDevice;
import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.LinuxContainerSecurityContext;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.SecurityProfile;
import dev.wherry.cri.v1.SupplementalGroupsPolicy;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.security.AppArmor;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.Isolation.GroupPolicy;
import dev.wherry.daemon.runtime.spec.Isolation.OfPod;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a container of a pod is kept in: the security context of Kubernetes in docker's terms. */
final class CriIsolation {

    private static final String LOCALHOST = "localhost/";
    private static final int LARGEST_PROFILE = 1 << 20;

    private CriIsolation() {}

    static Isolation of(ContainerConfig config, Pod sandbox) {
        LinuxContainerSecurityContext security = config.getLinux().getSecurityContext();
        boolean privileged = security.getPrivileged();
        if (privileged && !sandbox.config().privileged()) {
            throw new InvalidInputException("a privileged container needs a privileged pod");
        }
        boolean node = sandbox.config().network() == Share.NODE;
        Isolation none = Isolation.DEFAULT;
        PodLimits limits = CriResources.ofPod(config.getLinux().getResources());
        return new Isolation(
                privileged,
                security.getReadonlyRootfs(),
                security.getCapabilities().getAddCapabilitiesList(),
                security.getCapabilities().getDropCapabilitiesList(),
                options(security),
                pid(security),
                sandbox.config().ipc() == Share.NODE ? "host" : "",
                node ? "host" : "",
                "",
                "",
                Map.of(),
                security.getSupplementalGroupsList().stream()
                        .map(String::valueOf)
                        .toList(),
                config.getDevicesList().stream()
                        .map(device -> new Isolation.Device(
                                device.getHostPath(), device.getContainerPath(), device.getPermissions()))
                        .toList(),
                none.deviceRules(),
                none.limits(),
                new OfPod(
                        security.getSupplementalGroupsPolicy() == SupplementalGroupsPolicy.Strict
                                ? GroupPolicy.NONE
                                : GroupPolicy.OF_IMAGE,
                        security.getCapabilities().getAddAmbientCapabilitiesList(),
                        security.getMaskedPathsList(),
                        security.getReadonlyPathsList(),
                        config.getCDIDevicesList().stream()
                                .map(CDIDevice::getName)
                                .toList(),
                        limits.hugePages(),
                        limits.unified()),
                "");
    }

    /** Whether the container joins the PID namespace of its pod: CRI's default, while kubelet asks for one of its own. */
    static boolean sharesPid(ContainerConfig config) {
        return config.getLinux().getSecurityContext().getNamespaceOptions().getPid() == NamespaceMode.POD;
    }

    private static String pid(LinuxContainerSecurityContext security) {
        return switch (security.getNamespaceOptions().getPid()) {
            case NODE -> "host";
            case TARGET -> "container:" + security.getNamespaceOptions().getTargetId();
            case POD, CONTAINER, UNRECOGNIZED -> "";
        };
    }

    private static List<String> options(LinuxContainerSecurityContext security) {
        List<String> options = new ArrayList<>();
        if (security.getNoNewPrivs()) {
            options.add("no-new-privileges");
        }
        if (!security.getPrivileged()) {
            options.add("seccomp=" + seccomp(security));
            apparmor(security, options);
        }
        return options;
    }

    private static String seccomp(LinuxContainerSecurityContext security) {
        if (security.hasSeccomp()) {
            SecurityProfile profile = security.getSeccomp();
            return switch (profile.getProfileType()) {
                case RuntimeDefault -> "builtin";
                case Unconfined -> "unconfined";
                case Localhost -> profile(profile.getLocalhostRef());
                case UNRECOGNIZED ->
                    throw unknown("seccomp", profile.getProfileType().name());
            };
        }
        String path = security.getSeccompProfilePath();
        return switch (path) {
            case "", "unconfined" -> "unconfined";
            case "runtime/default", "docker/default" -> "builtin";
            default -> {
                if (!path.startsWith(LOCALHOST)) {
                    throw unknown("seccomp", path);
                }
                yield profile(path.substring(LOCALHOST.length()));
            }
        };
    }

    private static String profile(String file) {
        if (!file.startsWith("/") || file.indexOf('\0') >= 0) {
            throw new InvalidInputException("the seccomp profile \"" + file + "\" is not an absolute path");
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] profile = in.readNBytes(LARGEST_PROFILE + 1);
            if (profile.length > LARGEST_PROFILE) {
                throw new InvalidInputException("the seccomp profile " + file + " is larger than 1 MiB");
            }
            return new String(profile, StandardCharsets.UTF_8);
        } catch (IOException absent) {
            throw new InvalidInputException("the seccomp profile " + file + " cannot be read: " + absent.getMessage());
        }
    }

    private static void apparmor(LinuxContainerSecurityContext security, List<String> options) {
        if (security.hasApparmor()) {
            SecurityProfile profile = security.getApparmor();
            switch (profile.getProfileType()) {
                case RuntimeDefault -> {}
                case Unconfined -> options.add("apparmor=unconfined");
                case Localhost -> options.add("apparmor=" + local(profile.getLocalhostRef()));
                case UNRECOGNIZED ->
                    throw unknown("AppArmor", profile.getProfileType().name());
            }
            return;
        }
        switch (security.getApparmorProfile()) {
            case "", "runtime/default" -> {}
            case "unconfined" -> options.add("apparmor=unconfined");
            default -> options.add("apparmor=" + local(security.getApparmorProfile()));
        }
    }

    /** A kubelet shows a pod why it cannot be only if its container is not made. */
    private static String local(String profile) {
        String name = profile.startsWith(LOCALHOST) ? profile.substring(LOCALHOST.length()) : profile;
        AppArmor.host().requireLoaded(name);
        return name;
    }

    private static InvalidInputException unknown(String kind, String profile) {
        return new InvalidInputException(
                "the " + kind + " profile " + profile + " is not known: use RuntimeDefault, Unconfined or Localhost");
    }
}
