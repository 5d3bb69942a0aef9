/**
 * The build cache: the inputs of a step, the cache key made of them, and the records that lead from a key to the snapshot
 * that a step made. Also cache mounts, and what is removed when the cache gets too large.
 */
package dev.wherry.daemon.builder.cache;
