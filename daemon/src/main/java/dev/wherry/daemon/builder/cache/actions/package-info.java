/**
 * The cache service of GitHub Actions, as its clients see it: entries that are found by a key or its beginning, and whose
 * bytes are at signed addresses of a blob store. An entry never changes; a new one of the same beginning takes its place.
 */
package dev.wherry.daemon.builder.cache.actions;
