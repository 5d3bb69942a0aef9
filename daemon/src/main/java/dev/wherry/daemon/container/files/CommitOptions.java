package dev.wherry.daemon.container.files;

import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Reference;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How an image is to be made of a container.
 *
 * @param message comment of the history entry, or empty
 * @param author of the image, or empty
 * @param changes applied to the config
 * @param pause whether the container's processes stand still meanwhile
 */
public record CommitOptions(
        Optional<Reference> reference,
        String message,
        String author,
        UnaryOperator<ImageConfig> changes,
        boolean pause) {}
