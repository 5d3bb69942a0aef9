package dev.wherry.daemon.builder.cache;

import java.time.Instant;

/**
 * A folder that {@code RUN --mount=type=cache} keeps from build to build.
 *
 * @param id unique, never used again
 * @param name as the Dockerfile calls it; several may have the same
 * @param sizeBytes of its regular files, each inode counted once
 * @param usedAt when a step last began or ended with it
 * @param inUse whether a step has it mounted now, so that it cannot be removed
 */
public record CacheMount(long id, String name, long sizeBytes, Instant createdAt, Instant usedAt, boolean inUse) {}
