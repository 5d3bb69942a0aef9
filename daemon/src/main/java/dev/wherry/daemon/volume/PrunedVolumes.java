package dev.wherry.daemon.volume;

import java.util.List;

/**
 * What a prune removed.
 *
 * @param bytes that are free now
 */
public record PrunedVolumes(List<String> names, long bytes) {}
