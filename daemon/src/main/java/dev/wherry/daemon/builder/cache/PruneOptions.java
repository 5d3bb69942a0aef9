package dev.wherry.daemon.builder.cache;

import java.time.Instant;

/**
 * What may be removed from the build cache, and how much of it shall stay.
 *
 * @param all also entries whose files an image needs
 * @param filter which entries are meant
 * @param limits how much is to be removed
 */
public record PruneOptions(boolean all, CacheFilter filter, Limits limits) {

    /** Everything that no image uses. */
    public static final PruneOptions DEFAULT = new PruneOptions(false, CacheFilter.ANY, Limits.NONE);

    /**
     * How far to go, as BuildKit has it ({@code cache/manager.go}); 0 means that the limit is not set, and all three 0
     * that nothing need stay.
     *
     * @param reserved bytes that may always be kept
     * @param maxUsed bytes that may be kept at most
     * @param minFree bytes of the disk that shall be free
     */
    public record Limits(long reserved, long maxUsed, long minFree) {
        public static final Limits NONE = new Limits(0, 0, 0);

        /** How many bytes may stay of a cache that has {@code used}, on a disk with {@code free}. */
        long keep(long used, long free) {
            if (equals(NONE)) {
                return -1;
            }
            long keep = maxUsed == 0 && minFree > 0 ? used : maxUsed;
            if (minFree > free) {
                keep = Math.min(keep, used - (minFree - free));
            }
            return Math.max(keep, reserved);
        }
    }

    boolean matches(CacheEntry entry, Instant now) {
        return (all || !entry.shared()) && filter.matches(entry, now);
    }
}
