package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;

/**
 * What a pull brought.
 *
 * @param digest of the manifest or index that the reference pointed to
 * @param upToDate whether the store had this very image under this reference before
 */
public record PullResult(Image image, Reference reference, Digest digest, boolean upToDate) {}
