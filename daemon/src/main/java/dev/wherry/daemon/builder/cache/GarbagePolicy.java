package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.filter.Filters;
import java.time.Duration;
import java.util.List;

/**
 * What the daemon removes of the build cache by itself: everything that was not used for long; and, of what no image
 * needs, the longest unused while there is more of it than may stay.
 *
 * @param enabled whether it removes anything
 * @param unusedFor how long is long
 * @param reserved what may always stay
 * @param maxUsed what may stay at most, unless that is less than what is reserved
 * @param minFree what of the disk shall be free
 */
public record GarbagePolicy(
        boolean enabled, Duration unusedFor, ByteAmount reserved, ByteAmount maxUsed, ByteAmount minFree) {

    public static final GarbagePolicy DEFAULT = new GarbagePolicy(
            true,
            Duration.ofDays(60),
            new ByteAmount(10_000_000_000L, 0),
            new ByteAmount(0, 10),
            new ByteAmount(0, 10));

    /** What to prune, in this order, on a disk of this size. */
    List<PruneOptions> rules(long disk) {
        PruneOptions.Limits limits = new PruneOptions.Limits(reserved.of(disk), maxUsed.of(disk), minFree.of(disk));
        return List.of(
                new PruneOptions(true, new CacheFilter(Filters.NONE, unusedFor), PruneOptions.Limits.NONE),
                new PruneOptions(false, CacheFilter.ANY, limits));
    }
}
