package dev.wherry.daemon.builder.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that the build cache keeps.
 *
 * @param id names it to users, and stays the same
 * @param parent id of the entry that it is on top of
 * @param sizeBytes of its own files, without those below it
 * @param inUse whether a build holds it now, so that it cannot be removed
 * @param shared whether an image or a container needs its files too, so that removing it frees nothing
 * @param uses how often a build took it from the cache
 */
public record CacheEntry(
        String id,
        Type type,
        String description,
        Optional<String> parent,
        long sizeBytes,
        Instant createdAt,
        Instant usedAt,
        boolean inUse,
        boolean shared,
        long uses) {

    /** What it is, by BuildKit's names. */
    public enum Type {
        REGULAR("regular"),
        CACHE_MOUNT("exec.cachemount"),
        LOCAL_SOURCE("source.local");

        private final String label;

        Type(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** Whether its files can change: those of a layer cannot. */
    public boolean mutable() {
        return type != Type.REGULAR;
    }

    /** The bytes that removing it frees. */
    public long ownBytes() {
        return shared ? 0 : sizeBytes;
    }
}
