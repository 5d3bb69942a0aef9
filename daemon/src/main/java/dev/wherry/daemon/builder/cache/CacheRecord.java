package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;

/**
 * A step that was done.
 *
 * @param snapshot what it made
 * @param createdAt when; an image built from it carries this time, so that a build of nothing but hits gives the same
 *     image again
 * @param duration how long it took
 */
public record CacheRecord(SnapshotId snapshot, Instant createdAt, Duration duration) {}
