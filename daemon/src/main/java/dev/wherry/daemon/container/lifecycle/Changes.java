package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerNames;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.stats.WritableLayerSize;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.runc.ResourceUpdate;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What can be changed of a container that is there: its name, its limits and its restart policy; and many at once. */
public final class Changes {

    private final ContainerTable table;
    private final Lives lives;
    private final Transitions transitions;
    private final ResourceUpdate limits;
    private final Ending ending;
    private final Snapshotter snapshotter;

    public Changes(
            ContainerTable table,
            Lives lives,
            Transitions transitions,
            ResourceUpdate limits,
            Ending ending,
            Snapshotter snapshotter) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.limits = limits;
        this.ending = ending;
        this.snapshotter = snapshotter;
    }

    private interface Change {
        void of(Container container);
    }

    private void locked(String container, Change change) throws InterruptedException {
        String id = table.named(container).id();
        Live live = lives.of(id);
        live.lock.lockInterruptibly();
        try {
            change.of(table.get(id));
            live.changed.signalAll();
        } finally {
            live.lock.unlock();
        }
    }

    /** As {@link Containers#rename}. */
    public void rename(String container, String name) throws InterruptedException {
        String wanted = ContainerNames.check(name.startsWith("/") ? name.substring(1) : name);
        locked(container, found -> {
            if (found.name().equals(wanted)) {
                throw new InvalidInputException("Renaming a container with the same name as its current name");
            }
            transitions.renamed(found, wanted);
        });
    }

    /** As {@link Containers#update}. */
    public List<String> update(String container, Resources resources, Optional<RestartPolicy> restart)
            throws InterruptedException {
        locked(container, found -> {
            ContainerConfig request = found.settings().request();
            RestartPolicy policy = restart.orElse(request.restart());
            if (request.autoRemove() && policy.name() != RestartPolicy.Name.NO) {
                throw new ConflictException(
                        "Restart policy cannot be updated because AutoRemove is enabled for the" + " container");
            }
            Resources merged = ResourceUpdate.merge(request.resources(), resources);
            if (found.state().isAlive() && !merged.equals(request.resources())) {
                limits.apply(found.id(), merged);
            }
            transitions.updated(found, found.settings().with(request.with(merged, policy)));
        });
        return List.of();
    }

    /** As {@link Containers#prune}. */
    public Pruned prune(Predicate<Container> condition) throws InterruptedException {
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        for (Container container : table.list()) {
            if (!container.state().isUp() && condition.test(container)) {
                try {
                    long size = WritableLayerSize.bytes(container, snapshotter);
                    ending.remove(container.id(), false);
                    removed.add(container.id());
                    bytes += size;
                } catch (ConflictException | NotFoundException startedOrRemovedMeanwhile) {
                    // It is no longer one that is to go.
                }
            }
        }
        return new Pruned(removed, bytes);
    }
}
