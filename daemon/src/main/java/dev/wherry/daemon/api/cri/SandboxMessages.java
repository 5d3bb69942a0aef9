package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.DNSConfig;
import dev.wherry.cri.v1.LinuxContainerResources;
import dev.wherry.cri.v1.LinuxPodSandboxConfig;
import dev.wherry.cri.v1.LinuxPodSandboxStatus;
import dev.wherry.cri.v1.LinuxSandboxSecurityContext;
import dev.wherry.cri.v1.Namespace;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.NamespaceOption;
import dev.wherry.cri.v1.PodIP;
import dev.wherry.cri.v1.PodSandbox;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxFilter;
import dev.wherry.cri.v1.PodSandboxMetadata;
import dev.wherry.cri.v1.PodSandboxNetworkStatus;
import dev.wherry.cri.v1.PodSandboxState;
import dev.wherry.cri.v1.PodSandboxStatus;
import dev.wherry.cri.v1.PortMapping;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.SandboxConfig;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.pod.SandboxLimits;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sandboxes as messages. */
final class SandboxMessages {

    private SandboxMessages() {}

    static SandboxConfig config(PodSandboxConfig message, String handler) {
        LinuxPodSandboxConfig linux = message.getLinux();
        LinuxSandboxSecurityContext security = linux.getSecurityContext();
        NamespaceOption namespaces = security.getNamespaceOptions();
        return new SandboxConfig(
                message.getMetadata().getName(),
                message.getMetadata().getUid(),
                message.getMetadata().getNamespace(),
                message.getMetadata().getAttempt(),
                message.getHostname(),
                message.getLogDirectory(),
                dns(message.getDnsConfig()),
                message.getPortMappingsList().stream()
                        .map(SandboxMessages::port)
                        .toList(),
                message.getLabelsMap(),
                message.getAnnotationsMap(),
                parent(linux.getCgroupParent()),
                limits(linux.getResources(), linux.getOverhead()),
                linux.getSysctlsMap(),
                share(namespaces.getNetwork()),
                share(namespaces.getPid()),
                share(namespaces.getIpc()),
                security.getPrivileged(),
                handler,
                UserNamespaces.mappings(namespaces));
    }

    /** Where systemd keeps the control groups, a kubelet names a slice by the whole path of its group. */
    private static String parent(String group) {
        return group.endsWith(".slice") ? group.substring(group.lastIndexOf('/') + 1) : group;
    }

    static SandboxLimits limits(LinuxContainerResources resources, LinuxContainerResources overhead) {
        return new SandboxLimits(CriResources.of(resources, ""), CriResources.of(overhead, ""));
    }

    private static Dns dns(DNSConfig dns) {
        return new Dns(dns.getServersList(), dns.getSearchesList(), dns.getOptionsList());
    }

    private static PortBinding port(PortMapping port) {
        return new PortBinding(
                port.getContainerPort(),
                port.getProtocol().name().toLowerCase(Locale.ROOT),
                port.getHostIp(),
                port.getHostPort(),
                0);
    }

    private static Share share(NamespaceMode mode) {
        return switch (mode) {
            case POD -> Share.POD;
            case CONTAINER -> Share.CONTAINER;
            case NODE -> Share.NODE;
            case TARGET, UNRECOGNIZED ->
                throw new InvalidInputException("a pod has no namespace of the mode " + mode + ": use POD or NODE");
        };
    }

    private static NamespaceMode mode(Share share) {
        return switch (share) {
            case POD -> NamespaceMode.POD;
            case CONTAINER -> NamespaceMode.CONTAINER;
            case NODE -> NamespaceMode.NODE;
        };
    }

    static PodSandboxMetadata metadata(SandboxConfig config) {
        return PodSandboxMetadata.newBuilder()
                .setName(config.name())
                .setUid(config.uid())
                .setNamespace(config.namespace())
                .setAttempt(config.attempt())
                .build();
    }

    private static PodSandboxState state(Pod sandbox) {
        return sandbox.isReady() ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY;
    }

    static PodSandbox listed(Pod sandbox) {
        return PodSandbox.newBuilder()
                .setId(sandbox.id())
                .setMetadata(metadata(sandbox.config()))
                .setState(state(sandbox))
                .setCreatedAt(Rows.nanos(sandbox.createdAt()))
                .putAllLabels(sandbox.config().labels())
                .putAllAnnotations(sandbox.config().annotations())
                .setRuntimeHandler(sandbox.config().runtime())
                .build();
    }

    static PodSandboxStatus status(Pod sandbox) {
        SandboxConfig config = sandbox.config();
        PodSandboxNetworkStatus.Builder network = PodSandboxNetworkStatus.newBuilder();
        List<String> addresses = sandbox.addresses();
        if (!addresses.isEmpty()) {
            network.setIp(addresses.getFirst());
            addresses.stream()
                    .skip(1)
                    .forEach(more -> network.addAdditionalIps(PodIP.newBuilder().setIp(more)));
        }
        return PodSandboxStatus.newBuilder()
                .setId(sandbox.id())
                .setMetadata(metadata(config))
                .setState(state(sandbox))
                .setCreatedAt(Rows.nanos(sandbox.createdAt()))
                .setNetwork(network)
                .setLinux(LinuxPodSandboxStatus.newBuilder()
                        .setNamespaces(Namespace.newBuilder().setOptions(namespaces(config))))
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setRuntimeHandler(config.runtime())
                .build();
    }

    private static NamespaceOption.Builder namespaces(SandboxConfig config) {
        NamespaceOption.Builder options = NamespaceOption.newBuilder()
                .setNetwork(mode(config.network()))
                .setPid(mode(config.pid()))
                .setIpc(mode(config.ipc()));
        return config.users() == null ? options : options.setUsernsOptions(UserNamespaces.message(config.users()));
    }

    static boolean matches(PodSandboxFilter filter, Pod sandbox) {
        return sandbox.id().startsWith(filter.getId())
                && (!filter.hasState() || filter.getState().getState() == state(sandbox))
                && hasAll(filter.getLabelSelectorMap(), sandbox.config().labels());
    }

    static boolean hasAll(Map<String, String> wanted, Map<String, String> labels) {
        return wanted.entrySet().stream().allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }
}
