package dev.wherry.daemon.volume;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The volumes in memory, equal to the rows of the database, and who holds them. Whoever changes either holds the lock,
 * which is taken before that of the database.
 */
final class VolumeTable {

    final ReentrantLock lock = new ReentrantLock();

    private final ConcurrentSkipListMap<String, LiveVolume> byName = new ConcurrentSkipListMap<>();
    private final Map<String, Set<LiveVolume>> byHolder = new ConcurrentHashMap<>();

    VolumeTable(Database database) {
        database.read(VolumeRows::all).forEach(volume -> byName.put(volume.name(), new LiveVolume(volume)));
    }

    /** @throws NotFoundException when there is none of this name */
    LiveVolume get(String name) {
        return find(name).orElseThrow(() -> new NotFoundException("volume", name, "get " + name + ": no such volume"));
    }

    Optional<LiveVolume> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By name. */
    List<LiveVolume> all() {
        return List.copyOf(byName.values());
    }

    void put(LiveVolume live) {
        byName.put(live.name(), live);
    }

    void remove(LiveVolume live) {
        byName.remove(live.name(), live);
    }

    void hold(LiveVolume live, String holder) {
        live.holders.add(holder);
        byHolder.computeIfAbsent(holder, _ -> ConcurrentHashMap.newKeySet()).add(live);
    }

    void letGo(LiveVolume live, String holder) {
        live.holders.remove(holder);
        byHolder.computeIfPresent(holder, (_, held) -> {
            held.remove(live);
            return held.isEmpty() ? null : held;
        });
    }

    /** What a holder holds. */
    Set<LiveVolume> heldBy(String holder) {
        return Set.copyOf(byHolder.getOrDefault(holder, Set.of()));
    }

    boolean isHeld(LiveVolume live) {
        return !holders(live).isEmpty();
    }

    List<String> holders(LiveVolume live) {
        lock.lock();
        try {
            return List.copyOf(new TreeSet<>(live.holders));
        } finally {
            lock.unlock();
        }
    }
}
