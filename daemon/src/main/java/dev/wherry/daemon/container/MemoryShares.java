package dev.wherry.daemon.container;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.access.SizeText;
import dev.wherry.daemon.error.ExhaustedException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the memory limits of the running containers of an owner within the owner's quota. A container belongs to whose
 * caller created it, whoever starts it. With such a quota each container needs a limit of its own, since one without could
 * take all; swap does not count.
 */
public final class MemoryShares {

    private final Containers containers;
    private final Quotas quotas;
    private final ReentrantLock lock = new ReentrantLock();

    /** What containers need that are just being started or changed, by their IDs. */
    private final Map<String, Long> reserved = new HashMap<>();

    public MemoryShares(Containers containers, Quotas quotas) {
        this.containers = containers;
        this.quotas = quotas;
    }

    /** Memory that nothing else gets until this is closed: then the container counts as it is. */
    public interface Reservation extends AutoCloseable {
        @Override
        void close();
    }

    /** The caller may create a container with this limit, if only it runs alone. */
    public void checkCreation(long limit) {
        check(Caller.current().quota(), limit, 0);
    }

    /**
     * A container needs its limit from now on.
     *
     * @throws ExhaustedException when the others of its owner do not leave so much
     */
    public Reservation reserve(Container container, long limit) {
        Quota quota = quotas.of(container.settings().owner());
        if (quota.memory() == 0) {
            return () -> {};
        }
        lock.lock();
        try {
            check(quota, limit, usedByOthers(container));
            reserved.put(container.id(), limit);
        } finally {
            lock.unlock();
        }
        return () -> release(container.id());
    }

    private void release(String id) {
        lock.lock();
        try {
            reserved.remove(id);
        } finally {
            lock.unlock();
        }
    }

    private long usedByOthers(Container container) {
        String owner = container.settings().owner();
        return containers.list().stream()
                .filter(other -> other.settings().owner().equals(owner))
                .filter(other -> !other.id().equals(container.id()))
                .mapToLong(other ->
                        Math.max(other.state().isAlive() ? limit(other) : 0, reserved.getOrDefault(other.id(), 0L)))
                .sum();
    }

    /** What a container may use; 0 for no limit. */
    public static long limit(Container container) {
        return container.settings().request().resources().memory();
    }

    private static void check(Quota quota, long limit, long used) {
        if (quota.memory() == 0) {
            return;
        }
        String all = "the containers of " + quota.owner() + " may have " + SizeText.text(quota.memory()) + " together";
        if (limit == 0) {
            throw new ExhaustedException("memory quota: each container needs a limit (--memory), since " + all);
        }
        if (limit > quota.memory() - used) {
            throw new ExhaustedException("memory quota: " + all + ", of which " + SizeText.text(used)
                    + " are in use: this one needs " + SizeText.text(limit));
        }
    }
}
