package dev.wherry.daemon.builder;

import java.util.List;

/**
 * Which results of earlier builds a build may use.
 *
 * @param noCache run every step
 * @param noCacheStages names or numbers of stages of which every step is run
 * @param pull ask the registry for base images that are in the store too
 */
public record CacheOptions(boolean noCache, List<String> noCacheStages, boolean pull) {
    /** Use what there is. */
    public static final CacheOptions DEFAULT = new CacheOptions(false, List.of(), false);

    public CacheOptions {
        noCacheStages = List.copyOf(noCacheStages);
    }
}
