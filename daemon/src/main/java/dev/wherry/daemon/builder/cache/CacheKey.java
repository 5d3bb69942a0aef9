package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.content.Digest;

/**
 * What identifies the result of a step.
 *
 * @param value digest of the definition, the parent's key, and the content of the files the step reads
 * @param definition digest of the definition and the parent's key alone: records that share it are of the same step
 *     with other files
 */
public record CacheKey(Digest value, Digest definition) {}
