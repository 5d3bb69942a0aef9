package dev.wherry.daemon.api.cri;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.cri.v1.Container;
import dev.wherry.cri.v1.ContainerFilter;
import dev.wherry.cri.v1.ContainerMetadata;
import dev.wherry.cri.v1.ContainerResources;
import dev.wherry.cri.v1.ContainerState;
import dev.wherry.cri.v1.ContainerStatus;
import dev.wherry.cri.v1.ContainerUser;
import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.LinuxContainerUser;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.PodMembership;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Rows;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Containers of pods as messages. */
@Singleton
final class CriContainerMessages {

    /** What Kubernetes shows for a program that could not be started. */
    private static final int NOT_STARTED = 128;

    private final Layout layout;

    CriContainerMessages(Layout layout) {
        this.layout = layout;
    }

    private static PodMembership pod(dev.wherry.daemon.container.Container container) {
        return container.settings().request().pod();
    }

    static ContainerMetadata metadata(dev.wherry.daemon.container.Container container) {
        return ContainerMetadata.newBuilder()
                .setName(pod(container).name())
                .setAttempt(pod(container).attempt())
                .build();
    }

    private static ImageSpec image(dev.wherry.daemon.container.Container container) {
        return ImageSpec.newBuilder()
                .setImage(container.settings().request().image())
                .setUserSpecifiedImage(pod(container).image())
                .build();
    }

    /** One that could not be started has exited for Kubernetes: nobody starts it again. */
    private static boolean isNotStarted(dev.wherry.daemon.container.Container container) {
        return container.state() == State.CREATED && !container.error().isEmpty();
    }

    static ContainerState state(dev.wherry.daemon.container.Container container) {
        return switch (container.state()) {
            case CREATED ->
                isNotStarted(container) ? ContainerState.CONTAINER_EXITED : ContainerState.CONTAINER_CREATED;
            case RUNNING, PAUSED -> ContainerState.CONTAINER_RUNNING;
            case RESTARTING, EXITED -> ContainerState.CONTAINER_EXITED;
        };
    }

    static Container listed(dev.wherry.daemon.container.Container container) {
        return Container.newBuilder()
                .setId(container.id())
                .setPodSandboxId(pod(container).sandbox())
                .setMetadata(metadata(container))
                .setImage(image(container))
                .setImageRef(container.image().toString())
                .setImageId(container.image().toString())
                .setState(state(container))
                .setCreatedAt(Rows.nanos(container.createdAt()))
                .putAllLabels(container.settings().request().labels())
                .putAllAnnotations(pod(container).annotations())
                .build();
    }

    static boolean matches(ContainerFilter filter, dev.wherry.daemon.container.Container container) {
        return container.id().startsWith(filter.getId())
                && pod(container).sandbox().startsWith(filter.getPodSandboxId())
                && (!filter.hasState() || filter.getState().getState() == state(container))
                && SandboxMessages.hasAll(
                        filter.getLabelSelectorMap(),
                        container.settings().request().labels());
    }

    ContainerStatus status(dev.wherry.daemon.container.Container container) {
        ContainerConfig request = container.settings().request();
        ContainerStatus.Builder status = ContainerStatus.newBuilder()
                .setId(container.id())
                .setMetadata(metadata(container))
                .setState(state(container))
                .setCreatedAt(Rows.nanos(container.createdAt()))
                .setImage(image(container))
                .setImageRef(container.image().toString())
                .setImageId(container.image().toString())
                .putAllLabels(request.labels())
                .putAllAnnotations(request.pod().annotations())
                .setLogPath(request.pod().log())
                .setResources(ContainerResources.newBuilder().setLinux(CriResources.message(container)))
                .setStopSignal(CriContainerConfig.signal(container.settings().stopSignal()));
        container.settings().mounts().stream()
                .filter(mount -> request.mounts().stream()
                        .anyMatch(asked -> asked.place().equals(mount.place())))
                .map(CriMounts::message)
                .forEach(status::addMounts);
        container.startedAt().ifPresent(time -> status.setStartedAt(Rows.nanos(time)));
        if (container.state().isAlive()) {
            user(container).ifPresent(status::setUser);
        } else if (status.getState() == ContainerState.CONTAINER_EXITED) {
            ended(container, status);
        }
        return status.build();
    }

    private void ended(dev.wherry.daemon.container.Container container, ContainerStatus.Builder status) {
        status.setFinishedAt(Rows.nanos(container.finishedAt().orElse(container.createdAt())))
                .setMessage(container.error());
        if (isNotStarted(container)) {
            status.setExitCode(NOT_STARTED).setReason("StartError").setStartedAt(Rows.nanos(container.createdAt()));
        } else {
            boolean outOfMemory =
                    Files.exists(ContainerLayout.of(layout, container.id()).oomMark());
            status.setExitCode(container.exitCode())
                    .setReason(outOfMemory ? "OOMKilled" : container.exitCode() == 0 ? "Completed" : "Error");
        }
    }

    private Optional<JsonNode> spec(dev.wherry.daemon.container.Container container) {
        try {
            return Optional.of(CriInfo.parse(Files.readAllBytes(
                    ContainerLayout.of(layout, container.id()).bundle().resolve("config.json"))));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private Optional<ContainerUser> user(dev.wherry.daemon.container.Container container) {
        return spec(container).map(spec -> {
            JsonNode user = spec.at("/process/user");
            LinuxContainerUser.Builder linux = LinuxContainerUser.newBuilder()
                    .setUid(user.path("uid").asLong())
                    .setGid(user.path("gid").asLong());
            user.path("additionalGids").forEach(group -> linux.addSupplementalGroups(group.asLong()));
            return ContainerUser.newBuilder().setLinux(linux).build();
        });
    }

    /** What a verbose status has besides. */
    Map<String, String> info(dev.wherry.daemon.container.Container container) {
        Map<String, Object> info = new HashMap<>();
        info.put("sandboxID", pod(container).sandbox());
        info.put("pid", container.pid());
        spec(container).ifPresent(spec -> info.put("runtimeSpec", spec));
        return Map.of("info", CriInfo.json(info));
    }
}
