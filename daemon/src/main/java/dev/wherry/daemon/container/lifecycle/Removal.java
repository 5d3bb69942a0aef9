package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.PodMembership;
import dev.wherry.daemon.container.stats.WritableLayerSize;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Removes containers: one at a time or many at once. The row goes first, and with it the container; its files follow in
 * the background, or when the next daemon starts.
 */
final class Removal {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;
    private final Stopping stopping;
    private final Cleanup cleanup;
    private final Snapshotter snapshotter;

    Removal(
            ContainerTable table,
            LiveContainers lives,
            Transitions transitions,
            Stopping stopping,
            Cleanup cleanup,
            Snapshotter snapshotter) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.stopping = stopping;
        this.cleanup = cleanup;
        this.snapshotter = snapshotter;
    }

    /** As {@link Lifecycle#remove}. */
    void remove(String reference, boolean force, boolean volumes, boolean ofPod) throws InterruptedException {
        Container found = table.get(reference);
        PodMembership pod = found.settings().request().pod();
        if (pod.isMember() && !ofPod) {
            throw new ConflictException(
                    "container " + found.name() + " belongs to the pod "
                            + pod.sandbox().substring(0, 12)
                            + ", which Kubernetes manages and would make it again: remove it with --force-pod, or remove the pod");
        }
        if (found.state().isUp()) {
            if (!force) {
                throw new ConflictException("cannot remove container \"" + found.name() + "\": container is "
                        + found.state() + ": "
                        + (found.state() == State.PAUSED ? "unpause and then stop" : "stop")
                        + " the container before removing or force remove");
            }
            if (!stopping.abandonRestart(found.id())) {
                stopping.end(found);
            }
        }
        delete(found, reference, volumes);
    }

    private void delete(Container found, String reference, boolean volumes) throws InterruptedException {
        LiveContainer live = lives.of(found.id());
        try (Hold _ = live.holdInterruptibly()) {
            live.awaitCleared();
            Optional<Container> now = table.find(found.id());
            if (now.isEmpty()) {
                return;
            }
            if (now.get().state().isUp()) {
                throw new ConflictException("cannot remove container " + reference + ": it was started meanwhile");
            }
            transitions.removed(now.get(), volumes);
            live.removed(found.id());
        }
        Background.finish("purge-" + found.shortId(), () -> cleanup.purge(found));
    }

    /** As {@link Lifecycle#prune}. */
    Pruned prune(Predicate<Container> condition) throws InterruptedException {
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        for (Container container : table.list()) {
            boolean ofPod = container.settings().request().pod().isMember();
            if (!ofPod && !container.state().isUp() && condition.test(container)) {
                try {
                    long size = WritableLayerSize.bytes(container, snapshotter);
                    remove(container.id(), false, false, false);
                    removed.add(container.id());
                    bytes += size;
                } catch (ConflictException | NotFoundException startedOrRemovedMeanwhile) {
                    // The condition does not hold any more.
                }
            }
        }
        return new Pruned(removed, bytes);
    }
}
