package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;
import java.util.Optional;

/**
 * An image that an archive brought.
 *
 * @param reference empty for an image without a name
 */
public record LoadedImage(Optional<Reference> reference, Digest image) {}
