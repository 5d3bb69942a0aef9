package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.network.ContainerPort;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.v1.ContainerSummary;
import java.util.List;
import java.util.Optional;

/** Containers as messages of the API. */
final class ContainerMessages {

    private ContainerMessages() {}

    /**
     * A container as a row of a list.
     *
     * @param ports of the container
     * @param size when it was asked for
     */
    static ContainerSummary.Builder summary(
            Container container, List<ContainerPort> ports, Optional<ContainerSizes.Size> size) {
        ContainerConfig request = container.settings().request();
        ContainerSummary.Builder summary = ContainerSummary.newBuilder()
                .setId(container.id())
                .setName(container.name())
                .setImage(request.image())
                .setImageId(container.image().toString())
                .addAllCommand(container.settings().entrypoint())
                .addAllCommand(container.settings().cmd())
                .setCreatedNanos(Times.nanos(container.createdAt()))
                .setState(container.state().toString())
                .setStartedNanos(Times.nanos(container.startedAt()))
                .setFinishedNanos(Times.nanos(container.finishedAt()))
                .setExitCode(container.exitCode())
                .putAllLabels(container.settings().labels())
                .setHealth(container.health().map(Health::status).orElse(""))
                .addAllNetworks(request.networkNames())
                .setAutoRemove(request.autoRemove());
        container.settings().mounts().forEach(mount -> summary.addMounts(mount.source()));
        summary.setLocalVolumes((int) container.settings().mounts().stream()
                .filter(mount -> mount.type() == MountRequest.Type.VOLUME)
                .count());
        ports.forEach(port -> summary.addPorts(dev.wherry.v1.ContainerPort.newBuilder()
                .setContainerPort(port.containerPort())
                .setProtocol(port.protocol())
                .setHostIp(port.hostIp())
                .setHostPort(port.hostPort())));
        size.ifPresent(bytes -> summary.setSizeBytes(bytes.written()).setRootSizeBytes(bytes.seen()));
        return summary;
    }
}
