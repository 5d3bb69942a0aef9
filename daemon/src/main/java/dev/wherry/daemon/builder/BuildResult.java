package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.export.Difference;
import dev.wherry.daemon.builder.export.ExportedImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A finished build.
 *
 * @param product what was made of its result
 * @param difference of a second build, when one was asked for and did not give the same; nothing was made then
 * @param tags the familiar references the image in the store was given
 * @param cachedSteps how many of the steps were taken from the cache
 * @param saved how long those steps took that were taken from the cache, when they ran
 */
public record BuildResult(
        ExportedImage product,
        Optional<Difference> difference,
        List<String> tags,
        int cachedSteps,
        int steps,
        Duration saved) {}
