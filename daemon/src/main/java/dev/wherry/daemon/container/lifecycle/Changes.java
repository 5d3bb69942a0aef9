package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerNames;
import dev.wherry.daemon.container.MemoryShares;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.network.ContainerNetworks;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.ResourceRules;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.runc.ResourceUpdate;
import dev.wherry.daemon.runtime.spec.PodLimits;
import java.util.Optional;
import java.util.function.Consumer;

/** Changes what can change in an existing container: its name, its limits and its restart policy. */
final class Changes {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;
    private final ResourceUpdate limits;
    private final ContainerNetworks networks;
    private final MemoryShares shares;

    Changes(
            ContainerTable table,
            LiveContainers lives,
            Transitions transitions,
            ResourceUpdate limits,
            ContainerNetworks networks,
            MemoryShares shares) {
        this.shares = shares;
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
        this.limits = limits;
        this.networks = networks;
    }

    private void change(String reference, Consumer<Container> change) throws InterruptedException {
        String id = table.get(reference).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            change.accept(table.existing(id));
            live.signalChange();
        }
    }

    /** As {@link Lifecycle#rename}. */
    void rename(String reference, String name) throws InterruptedException {
        String wanted = ContainerNames.check(name.startsWith("/") ? name.substring(1) : name);
        change(reference, found -> {
            if (found.name().equals(wanted)) {
                throw new InvalidInputException("Renaming a container with the same name as its current name");
            }
            transitions.renamed(found, wanted);
            networks.rename(found, wanted);
        });
    }

    /** As {@link Lifecycle#update}. */
    void update(String reference, Resources resources, Optional<RestartPolicy> restart) throws InterruptedException {
        change(reference, found -> {
            ContainerConfig request = found.settings().request();
            RestartPolicy policy = restart.orElse(request.restart());
            if (request.autoRemove() && policy.name() != RestartPolicy.Name.NO) {
                throw new ConflictException(
                        "Restart policy cannot be updated because AutoRemove is enabled for the container");
            }
            Resources merged = ResourceUpdate.merge(request.resources(), resources);
            limit(found, request.with(merged, policy));
        });
    }

    /** As {@link Lifecycle#update}. */
    void update(String reference, Resources resources, PodLimits ofPod) throws InterruptedException {
        change(reference, found -> {
            ContainerConfig request = found.settings().request();
            Resources merged = ResourceUpdate.merge(request.resources(), resources);
            PodLimits all = request.isolation().pod().limits().with(ofPod);
            ResourceRules.check(all);
            limit(found, request.with(merged, all));
        });
    }

    /** Lets the limits of a config hold, which is kept. */
    private void limit(Container found, ContainerConfig next) {
        ContainerConfig request = found.settings().request();
        PodLimits ofPod = next.isolation().pod().limits();
        boolean alive = found.state().isAlive();
        boolean more = alive && next.resources().memory() != request.resources().memory();
        boolean others = !next.resources().equals(request.resources())
                || !ofPod.equals(request.isolation().pod().limits());
        try (MemoryShares.Reservation _ =
                more ? shares.reserve(found, next.resources().memory()) : () -> {}) {
            if (alive && others) {
                limits.apply(found.id(), found.pid(), next.resources(), ofPod);
            }
            transitions.updated(found, found.settings().with(next));
        }
    }
}
