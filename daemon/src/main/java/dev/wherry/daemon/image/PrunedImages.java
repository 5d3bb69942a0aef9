package dev.wherry.daemon.image;

import java.util.List;

/**
 * What a prune of images did.
 *
 * @param removed what happened, in order
 * @param bytes of files that are gone
 */
public record PrunedImages(List<RemovedItem> removed, long bytes) {}
