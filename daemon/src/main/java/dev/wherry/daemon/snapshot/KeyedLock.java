package dev.wherry.daemon.snapshot;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one thread at a time work on each key, so that those who come second find the work done. */
final class KeyedLock<K> {

    private static final class Turn {
        final ReentrantLock lock = new ReentrantLock();
        int wanted;
    }

    private final ConcurrentHashMap<K, Turn> turns = new ConcurrentHashMap<>();

    <T> T alone(K key, Supplier<T> work) {
        Turn turn = turns.compute(key, (_, present) -> {
            Turn joined = present == null ? new Turn() : present;
            joined.wanted++;
            return joined;
        });
        turn.lock.lock();
        try {
            return work.get();
        } finally {
            turn.lock.unlock();
            turns.computeIfPresent(key, (_, present) -> --present.wanted == 0 ? null : present);
        }
    }
}
