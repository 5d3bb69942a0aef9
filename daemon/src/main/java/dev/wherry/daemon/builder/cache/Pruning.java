package dev.wherry.daemon.builder.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Chooses what is removed: the longest unused first, nothing that a build holds, and nothing before what is on top of
 * it, since a step is found only through the steps before it.
 */
final class Pruning {

    private final PruneOptions options;
    private final Instant now;
    private final long free;

    /** @param free bytes free on the disk */
    Pruning(PruneOptions options, Instant now, long free) {
        this.options = options;
        this.now = now;
        this.free = free;
    }

    /** What to remove, in an order in which it can be. */
    List<CacheEntry> choose(Collection<CacheEntry> entries) {
        Map<String, CacheEntry> byId = new HashMap<>();
        Map<String, Integer> children = new HashMap<>();
        for (CacheEntry entry : entries) {
            byId.put(entry.id(), entry);
            entry.parent().ifPresent(parent -> children.merge(parent, 1, Integer::sum));
        }
        PriorityQueue<CacheEntry> leaves =
                new PriorityQueue<>(Comparator.comparing(CacheEntry::usedAt).thenComparing(CacheEntry::id));
        entries.stream().filter(entry -> !children.containsKey(entry.id())).forEach(leaves::add);

        long used = entries.stream().mapToLong(CacheEntry::ownBytes).sum();
        long keep = options.limits().keep(used, free);
        List<CacheEntry> chosen = new ArrayList<>();
        while (!leaves.isEmpty() && (keep < 0 || used > keep)) {
            CacheEntry leaf = leaves.poll();
            if (leaf.inUse() || !options.matches(leaf, now)) {
                continue;
            }
            chosen.add(leaf);
            used -= leaf.ownBytes();
            leaf.parent()
                    .filter(parent -> children.merge(parent, -1, Integer::sum) == 0)
                    .map(byId::get)
                    .ifPresent(leaves::add);
        }
        return chosen;
    }
}
