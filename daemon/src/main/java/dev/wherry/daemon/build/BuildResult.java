package dev.wherry.daemon.build;

import dev.wherry.daemon.image.Image;
import java.time.Duration;
import java.util.List;

/**
 * A finished build.
 *
 * @param tags the familiar references the image was given
 * @param saved how long those steps took that were taken from the cache, when they ran
 * @param cachedSteps how many of the steps were taken from the cache
 */
public record BuildResult(Image image, List<String> tags, int cachedSteps, int steps, Duration saved) {}
