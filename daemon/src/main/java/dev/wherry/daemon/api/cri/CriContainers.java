package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.ContainerFilter;
import dev.wherry.cri.v1.CreateContainerRequest;
import dev.wherry.cri.v1.LinuxContainerResources;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.log.Logs;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The containers of pods: a kubelet sees no others. */
@Singleton
final class CriContainers {

    private final Pods pods;
    private final Containers containers;
    private final Lifecycle lifecycle;
    private final Logs logs;

    CriContainers(Pods pods, Containers containers, Lifecycle lifecycle, Logs logs) {
        this.pods = pods;
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.logs = logs;
    }

    Container create(CreateContainerRequest request) throws InterruptedException {
        Pod sandbox = pods.get(request.getPodSandboxId());
        ContainerConfig config = request.getConfig();
        return pods.create(
                sandbox.id(),
                CriContainerConfig.name(config, sandbox.config()),
                CriContainerConfig.of(config, sandbox));
    }

    /** @throws NotFoundException when there is none in a pod, or the prefix of the ID is not unique */
    Container get(String reference) {
        Container found = containers.get(reference);
        if (!isMember(found)) {
            throw new NotFoundException("container", reference);
        }
        return found;
    }

    private Optional<Container> find(String reference) {
        try {
            return Optional.of(get(reference));
        } catch (NotFoundException gone) {
            return Optional.empty();
        }
    }

    private static boolean isMember(Container container) {
        return container.settings().request().pod().isMember();
    }

    List<Container> list(ContainerFilter filter) {
        return containers.list().stream()
                .filter(CriContainers::isMember)
                .filter(container -> CriContainerMessages.matches(filter, container))
                .toList();
    }

    /** One that is not there is fine. */
    void stop(String reference, long seconds) throws InterruptedException {
        Optional<Container> found = find(reference);
        if (found.isPresent()) {
            lifecycle.stop(found.get().id(), Optional.of(Duration.ofSeconds(Math.max(0, seconds))), "");
        }
    }

    /** One that is not there is fine. */
    void remove(String reference) throws InterruptedException {
        Optional<Container> found = find(reference);
        if (found.isPresent()) {
            pods.removeContainer(found.get().id());
        }
    }

    void update(String reference, LinuxContainerResources limits) throws InterruptedException {
        lifecycle.update(get(reference).id(), CriResources.of(limits, ""), CriResources.ofPod(limits));
    }

    void reopenLog(String reference) throws InterruptedException {
        logs.reopen(get(reference).id());
    }
}
