package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.Reference;

/**
 * What a pull brought.
 *
 * @param digest of the manifest or index that the reference pointed to
 * @param upToDate whether the store had this very image under this reference before
 */
public record PullResult(Image image, Reference reference, Digest digest, boolean upToDate) {}
