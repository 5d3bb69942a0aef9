package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.runtime.cgroup.Freezer;

/** Freezes containers and lets them go on. */
public final class Pausing {

    private final ContainerTable table;
    private final Lives lives;
    private final Transitions transitions;

    public Pausing(ContainerTable table, Lives lives, Transitions transitions) {
        this.table = table;
        this.lives = lives;
        this.transitions = transitions;
    }

    /** As {@link Containers#pause}. */
    public void pause(String container) throws InterruptedException {
        String id = table.named(container).id();
        Live live = lives.of(id);
        live.lock.lockInterruptibly();
        try {
            Container found = table.get(id);
            switch (found.state()) {
                case PAUSED -> throw new ConflictException("Container " + container + " is already paused");
                case RESTARTING ->
                    throw new ConflictException(
                            "Container " + container + " is restarting, wait until the container is running");
                case CREATED, EXITED, DEAD -> throw new ConflictException("Container " + container + " is not running");
                case RUNNING -> {
                    freezer(found).freeze();
                    transitions.paused(found);
                    live.changed.signalAll();
                }
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** As {@link Containers#unpause}. */
    public void unpause(String container) throws InterruptedException {
        String id = table.named(container).id();
        Live live = lives.of(id);
        live.lock.lockInterruptibly();
        try {
            Container found = table.get(id);
            if (found.state() != State.PAUSED) {
                throw new ConflictException("Container " + container + " is not paused");
            }
            thaw(found, live);
        } finally {
            live.lock.unlock();
        }
    }

    /** Lets a container go on that is to end, when it is frozen: nothing frozen dies. */
    void thaw(Container container) {
        Live live = lives.of(container.id());
        live.lock.lock();
        try {
            table.find(container.id()).filter(found -> found.state().isAlive()).ifPresent(found -> thaw(found, live));
        } finally {
            live.lock.unlock();
        }
    }

    private void thaw(Container container, Live live) {
        Freezer.ofProcess(container.pid()).filter(Freezer::isFrozen).ifPresent(Freezer::thaw);
        if (container.state() == State.PAUSED) {
            transitions.unpaused(container);
            live.changed.signalAll();
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
