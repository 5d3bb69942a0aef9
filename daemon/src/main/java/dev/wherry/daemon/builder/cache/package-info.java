/**
 * The layer cache: cache keys, and the records that lead from a key to the snapshot a step made. Uses {@code snapshot},
 * {@code content} and {@code metadata}.
 */
package dev.wherry.daemon.builder.cache;
