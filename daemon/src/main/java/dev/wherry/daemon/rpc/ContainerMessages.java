package dev.wherry.daemon.rpc;

import dev.wherry.daemon.container.Container;
import dev.wherry.v1.ContainerSummary;

/** Containers as messages of the API. */
final class ContainerMessages {

    private ContainerMessages() {}

    static ContainerSummary summary(Container container) {
        return ContainerSummary.newBuilder()
                .setId(container.id())
                .setName(container.name())
                .setImage(container.settings().request().image())
                .setImageId(container.image().toString())
                .addAllCommand(container.settings().entrypoint())
                .addAllCommand(container.settings().cmd())
                .setCreatedNanos(Times.nanos(container.createdAt()))
                .setState(container.state().toString())
                .setStartedNanos(Times.nanos(container.startedAt()))
                .setFinishedNanos(Times.nanos(container.finishedAt()))
                .setExitCode(container.exitCode())
                .putAllLabels(container.settings().labels())
                .addAllPorts(container.settings().ports())
                .build();
    }
}
