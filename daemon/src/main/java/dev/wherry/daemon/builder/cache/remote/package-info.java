/**
 * Caches that builds on different machines share, in the form that BuildKit writes and reads: a manifest that lists the
 * layers of steps and a config, which holds a record for each step. A record's digest is the cache key of the step, so a
 * build hits only records that Wherry wrote; BuildKit reads the same cache and finds nothing in it that it needs.
 */
package dev.wherry.daemon.builder.cache.remote;
