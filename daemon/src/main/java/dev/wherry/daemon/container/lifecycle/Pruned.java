package dev.wherry.daemon.container.lifecycle;

import java.util.List;

/**
 * What a pruning took away.
 *
 * @param ids of the containers
 * @param bytes of what they wrote
 */
public record Pruned(List<String> ids, long bytes) {}
