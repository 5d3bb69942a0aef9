package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import java.util.Optional;

/**
 * A name of an image.
 *
 * @param digest of the manifest or index that the image was pulled by under this name
 */
public record ImageName(Reference reference, Optional<Digest> digest) {}
