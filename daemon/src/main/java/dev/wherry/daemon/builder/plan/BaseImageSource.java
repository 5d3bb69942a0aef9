package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.Platform;
import java.nio.file.Path;

/** Where a {@link Planner} finds the images that stages begin from. */
interface BaseImageSource {

    /**
     * A base image.
     *
     * @param pulled true if the image had to be fetched, so that its step has been reported already
     * @param known whether its config is that of the image, not a stand-in
     */
    record Resolved(Image image, boolean pulled, boolean known) {}

    /** @throws InvalidInputException when the name is no reference */
    Resolved resolve(String name, Platform platform, Step step);

    /** An image of a directory, which the build alone knows. */
    Resolved layout(Path directory, String selector, Platform platform);
}
