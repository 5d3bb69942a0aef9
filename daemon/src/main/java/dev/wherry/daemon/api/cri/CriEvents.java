package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerEventResponse;
import dev.wherry.cri.v1.ContainerEventType;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.pod.Pods;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells a kubelet what happens to pods and their containers, with the states that it would else ask for. */
@Singleton
final class CriEvents {

    private static final Map<String, ContainerEventType> OF_CONTAINER = Map.of(
            "create", ContainerEventType.CONTAINER_CREATED_EVENT,
            "start", ContainerEventType.CONTAINER_STARTED_EVENT,
            "die", ContainerEventType.CONTAINER_STOPPED_EVENT,
            "destroy", ContainerEventType.CONTAINER_DELETED_EVENT);

    private static final Map<String, ContainerEventType> OF_SANDBOX = Map.of(
            "start", ContainerEventType.CONTAINER_STARTED_EVENT,
            "stop", ContainerEventType.CONTAINER_STOPPED_EVENT,
            "destroy", ContainerEventType.CONTAINER_DELETED_EVENT);

    private final Events events;
    private final Containers containers;
    private final Pods pods;
    private final CriContainerMessages messages;

    CriEvents(Events events, Containers containers, Pods pods, CriContainerMessages messages) {
        this.events = events;
        this.containers = containers;
        this.pods = pods;
        this.messages = messages;
    }

    void watch(ResponseSender<ContainerEventResponse> out) throws InterruptedException {
        // A container that is removed is not found any more.
        Map<String, String> sandboxes = new HashMap<>();
        containers.list().forEach(container -> note(container, sandboxes));
        events.watch(Optional.empty(), Optional.empty(), event -> {
            switch (event.type()) {
                case Event.CONTAINER -> {
                    containers.find(event.actor()).ifPresent(container -> note(container, sandboxes));
                    String sandbox = sandboxes.get(event.actor());
                    ContainerEventType type = OF_CONTAINER.get(event.action());
                    if (sandbox != null && type != null) {
                        out.send(message(event, type, sandbox));
                    }
                    if (type == ContainerEventType.CONTAINER_DELETED_EVENT) {
                        sandboxes.remove(event.actor());
                    }
                }
                case Event.POD -> {
                    ContainerEventType type = OF_SANDBOX.get(event.action());
                    if (type == ContainerEventType.CONTAINER_STARTED_EVENT) {
                        out.send(message(event, ContainerEventType.CONTAINER_CREATED_EVENT, event.actor()));
                    }
                    if (type != null) {
                        out.send(message(event, type, event.actor()));
                    }
                }
                default -> {}
            }
        });
    }

    private static void note(Container container, Map<String, String> sandboxes) {
        String sandbox = container.settings().request().pod().sandbox();
        if (!sandbox.isEmpty()) {
            sandboxes.put(container.id(), sandbox);
        }
    }

    private ContainerEventResponse message(Event event, ContainerEventType type, String sandbox) {
        ContainerEventResponse.Builder message = ContainerEventResponse.newBuilder()
                .setContainerId(event.actor())
                .setContainerEventType(type)
                .setCreatedAt(Rows.nanos(event.time()));
        pods.find(sandbox).ifPresent(found -> {
            message.setPodSandboxStatus(SandboxMessages.status(found));
            pods.members(found.id()).forEach(member -> message.addContainersStatuses(messages.status(member)));
        });
        return message.build();
    }
}
