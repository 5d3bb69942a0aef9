package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Instant;
import java.util.Optional;

/**
 * The result of a vertex.
 *
 * @param snapshot its file system; empty for {@code scratch}
 * @param key what identifies it
 * @param cached whether it and all before it were taken from the cache
 * @param createdAt when its layer was made; empty where the base image says so
 */
public record Solved(Optional<SnapshotId> snapshot, CacheKey key, boolean cached, Optional<Instant> createdAt) {}
