package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import java.util.List;

/**
 * Which results of earlier builds a build may use.
 *
 * @param noCache run every step
 * @param noCacheStages names or numbers of stages of which every step is run
 * @param pull ask the registry for base images that are in the store too
 * @param from caches of other builds that steps may be taken from
 * @param to where the steps are written to for other builds
 */
public record CacheOptions(
        boolean noCache, List<String> noCacheStages, boolean pull, List<CacheSource> from, List<CacheTarget> to) {
    /** Use what there is. */
    public static final CacheOptions DEFAULT = new CacheOptions(false, List.of(), false, List.of(), List.of());

    public CacheOptions {
        noCacheStages = List.copyOf(noCacheStages);
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** Whether the image is to carry a cache itself. */
    boolean hasInline() {
        return to.stream().anyMatch(target -> target.place() instanceof CacheTarget.Place.Inline);
    }
}
