package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.CacheKey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A step that is not taken from the cache, as it begins.
 *
 * @param refused whether the client wanted it so
 * @param missedParent the step before it, if that was not taken from the cache either
 * @param missedSource the step it copies from, if that was not taken from the cache
 * @param inputs what the step depends on
 * @param files what a copy reads
 * @param shared the record of a shared cache that is nearest to the step
 */
public record CacheMiss(
        int step,
        CacheKey key,
        boolean refused,
        OptionalInt missedParent,
        OptionalInt missedSource,
        StepInputs inputs,
        Optional<FileList.Source> files,
        Optional<SharedRecord> shared) {

    /**
     * A record that another build wrote into a shared cache.
     *
     * @param cache what messages call the cache
     * @param same true if it is of this very step, on another run of the step before
     * @param inputs what the step depended on; empty when the cache does not say
     */
    public record SharedRecord(String cache, boolean same, Optional<StepInputs> inputs) {}

    /** Whether the step has a reason of its own. */
    boolean isFirst() {
        return missedParent.isEmpty() && missedSource.isEmpty();
    }
}
