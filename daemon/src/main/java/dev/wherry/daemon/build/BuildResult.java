package dev.wherry.daemon.build;

import java.time.Duration;
import java.util.List;

/**
 * A finished build.
 *
 * @param product what was made of its result
 * @param tags the familiar references the image in the store was given
 * @param cachedSteps how many of the steps were taken from the cache
 * @param saved how long those steps took that were taken from the cache, when they ran
 */
public record BuildResult(Product product, List<String> tags, int cachedSteps, int steps, Duration saved) {}
