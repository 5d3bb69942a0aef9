package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.runtime.cgroup.Freezer;

/** Pauses and unpauses containers: freezes and thaws all their processes. */
public final class Pausing {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Transitions transitions;

    public Pausing(ContainerTable table, LiveContainers lives, Transitions transitions) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
    }

    /** As {@link Lifecycle#pause}. */
    public void pause(String container) throws InterruptedException {
        String id = table.get(container).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            Container found = table.existing(id);
            switch (found.state()) {
                case PAUSED -> throw new ConflictException("Container " + container + " is already paused");
                case RESTARTING ->
                    throw new ConflictException(
                            "Container " + container + " is restarting, wait until the container is running");
                case CREATED, EXITED -> throw new ConflictException("Container " + container + " is not running");
                case RUNNING -> {
                    freezer(found).freeze();
                    transitions.paused(found);
                    live.signalChange();
                }
            }
        }
    }

    /** As {@link Lifecycle#unpause}. */
    public void unpause(String container) throws InterruptedException {
        String id = table.get(container).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.holdInterruptibly()) {
            Container found = table.existing(id);
            if (found.state() != State.PAUSED) {
                throw new ConflictException("Container " + container + " is not paused");
            }
            thaw(found, live);
        }
    }

    /** Lets a container go on that is to end, when it is frozen: nothing frozen dies. */
    void thaw(Container container) {
        LiveContainer live = lives.of(container.id());
        try (Hold _ = live.hold()) {
            table.find(container.id()).filter(found -> found.state().isAlive()).ifPresent(found -> thaw(found, live));
        }
    }

    private void thaw(Container container, LiveContainer live) {
        Freezer.ofProcess(container.pid()).filter(Freezer::isFrozen).ifPresent(Freezer::thaw);
        if (container.state() == State.PAUSED) {
            transitions.unpaused(container);
            live.signalChange();
        }
    }

    /** What a daemon that was killed between the kernel and its row left: the kernel is right. */
    void reconcile(Container container) {
        boolean frozen =
                Freezer.ofProcess(container.pid()).filter(Freezer::isFrozen).isPresent();
        if (frozen && container.state() == State.RUNNING) {
            transitions.paused(container);
        } else if (!frozen && container.state() == State.PAUSED) {
            transitions.unpaused(container);
        }
    }

    private static Freezer freezer(Container container) {
        return Freezer.ofProcess(container.pid())
                .orElseThrow(() -> new ConflictException("cannot pause container " + container.shortId()
                        + ": it is ending, or the host has no freezer"));
    }
}
