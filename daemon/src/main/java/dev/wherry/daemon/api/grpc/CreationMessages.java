package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.NameResolution;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.config.VolumeSources;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import dev.wherry.v1.ContainerMount;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.DeviceRate;
import java.util.List;

/** What messages ask of a container, in the daemon's own terms. */
final class CreationMessages {

    private CreationMessages() {}

    /** @param logs where the output goes unless the request says otherwise */
    static ContainerConfig config(CreateContainerRequest request, LogConfig logs) {
        return new ContainerConfig(
                request.getImage(),
                request.getArgsList(),
                request.getEntrypointList(),
                request.getEnvList(),
                request.getWorkingDir(),
                request.getUser(),
                request.getTty(),
                request.getStdinOpen(),
                request.getStdinOnce(),
                request.getAutoRemove(),
                request.getNetwork(),
                request.getHostname(),
                request.getLabelsMap(),
                request.getStopSignal(),
                stopTimeout(request),
                request.getInit(),
                request.getExposeList(),
                RequestField.read("restart", () -> restart(request.getRestart())),
                health(request.getHealth()),
                isolation(request.getIsolation()),
                resources(request.getResources()),
                RequestField.read(
                        "mounts",
                        () -> request.getMountsList().stream()
                                .map(CreationMessages::mount)
                                .toList()),
                request.getShmBytes(),
                log(request.getLog()).completedBy(logs),
                names(request.getNames()),
                request.getRuntime(),
                request.getAnnotationsMap(),
                new VolumeSources(request.getVolumesFromList(), request.getVolumeDriver()),
                NetworkingMessages.networking(request));
    }

    private static int stopTimeout(CreateContainerRequest request) {
        if (!request.hasStopTimeoutSeconds()) {
            return ContainerConfig.STOP_DEFAULT;
        }
        int seconds = request.getStopTimeoutSeconds();
        return seconds < 0 ? ContainerConfig.STOP_UNLIMITED : seconds;
    }

    static RestartPolicy restart(dev.wherry.v1.RestartPolicy message) {
        RestartPolicy.Name name = switch (message.getName()) {
            case "", "no" -> RestartPolicy.Name.NO;
            case "always" -> RestartPolicy.Name.ALWAYS;
            case "on-failure" -> RestartPolicy.Name.ON_FAILURE;
            case "unless-stopped" -> RestartPolicy.Name.UNLESS_STOPPED;
            default ->
                throw new InvalidInputException("restart policy \"" + message.getName()
                        + "\" is not known: use no, always, on-failure[:N] or unless-stopped");
        };
        if (message.getMaximumRetries() < 0
                || message.getMaximumRetries() > 0 && name != RestartPolicy.Name.ON_FAILURE) {
            throw new InvalidInputException("a number of retries goes with the restart policy on-failure only");
        }
        return new RestartPolicy(name, message.getMaximumRetries());
    }

    private static HealthCheck health(dev.wherry.v1.HealthCheck message) {
        return new HealthCheck(
                message.getTestList(),
                message.getIntervalNanos(),
                message.getTimeoutNanos(),
                message.getStartPeriodNanos(),
                message.getStartIntervalNanos(),
                message.getRetries());
    }

    private static Isolation isolation(dev.wherry.v1.Isolation message) {
        return new Isolation(
                message.getPrivileged(),
                message.getReadOnly(),
                message.getCapAddList(),
                message.getCapDropList(),
                message.getSecurityOptionsList(),
                message.getPid(),
                message.getIpc(),
                message.getUts(),
                message.getCgroupNamespace(),
                message.getUserNamespace(),
                message.getSysctlsMap(),
                message.getGroupsList(),
                message.getDevicesList().stream()
                        .map(device -> new Isolation.Device(
                                device.getHostPath(), device.getContainerPath(), device.getPermissions()))
                        .toList(),
                message.getDeviceRulesList(),
                message.getLimitsList().stream()
                        .map(limit -> new Limit(limit.getName(), limit.getSoft(), limit.getHard()))
                        .toList());
    }

    static Resources resources(dev.wherry.v1.Resources message) {
        return new Resources(
                message.getMemoryBytes(),
                message.getMemoryReservationBytes(),
                message.getMemorySwapBytes(),
                message.hasMemorySwappiness() ? message.getMemorySwappiness() : -1,
                message.getNanoCpus(),
                message.getCpuShares(),
                message.getCpuPeriod(),
                message.getCpuQuota(),
                message.getCpusetCpus(),
                message.getCpusetMems(),
                message.getPidsLimit(),
                message.getBlkioWeight(),
                message.getOomScoreAdj(),
                message.getOomKillDisable(),
                message.getCgroupParent(),
                rates(message.getReadBytesList()),
                rates(message.getWriteBytesList()),
                rates(message.getReadOperationsList()),
                rates(message.getWriteOperationsList()));
    }

    private static List<Resources.Rate> rates(List<DeviceRate> messages) {
        return messages.stream()
                .map(message -> new Resources.Rate(message.getPath(), message.getRate()))
                .toList();
    }

    private static MountRequest mount(ContainerMount message) {
        MountRequest.Type type = switch (message.getType()) {
            case "bind" -> MountRequest.Type.BIND;
            case "tmpfs" -> MountRequest.Type.TMPFS;
            case "volume" -> MountRequest.Type.VOLUME;
            case "image" -> MountRequest.Type.IMAGE;
            default ->
                throw new InvalidInputException("mounts of type \"" + message.getType() + "\" are not supported");
        };
        return new MountRequest(
                type,
                message.getSource(),
                message.getTarget(),
                message.getReadOnly(),
                message.getPropagation(),
                message.getCreateSource(),
                message.getNonRecursive(),
                message.getTmpfsBytes(),
                message.getTmpfsMode(),
                message.getTmpfsOptionsList(),
                readOnlyBelow(message.getReadOnlyBelow()),
                new MountRequest.VolumeOptions(
                        message.getVolumeDriver(),
                        message.getVolumeOptionsMap(),
                        message.getVolumeLabelsMap(),
                        message.getNoCopy(),
                        message.getSubpath()),
                null,
                false);
    }

    private static MountRequest.ReadOnlyBelow readOnlyBelow(String text) {
        return switch (text) {
            case "" -> MountRequest.ReadOnlyBelow.IF_POSSIBLE;
            case "no" -> MountRequest.ReadOnlyBelow.NO;
            case "always" -> MountRequest.ReadOnlyBelow.ALWAYS;
            default ->
                throw new InvalidInputException(
                        "mounts below a read-only mount are read-only if possible, \"no\" or \"always\", not \"" + text
                                + "\"");
        };
    }

    private static LogConfig log(dev.wherry.v1.LogConfig message) {
        return new LogConfig(message.getDriver(), message.getOptionsMap());
    }

    private static NameResolution names(dev.wherry.v1.NameResolution message) {
        return new NameResolution(
                message.getHostsList(),
                message.getServersList(),
                message.getSearchList(),
                message.getOptionsList(),
                message.getDomainName());
    }
}
