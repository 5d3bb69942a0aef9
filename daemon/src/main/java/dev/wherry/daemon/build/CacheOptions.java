package dev.wherry.daemon.build;

/**
 * Which results of earlier builds a build may use.
 *
 * @param noCache run every step
 * @param pull ask the registry for base images that are in the store too
 */
public record CacheOptions(boolean noCache, boolean pull) {
    /** Use what there is. */
    public static final CacheOptions DEFAULT = new CacheOptions(false, false);
}
