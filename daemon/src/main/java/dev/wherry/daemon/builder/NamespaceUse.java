package dev.wherry.daemon.builder;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheFilter;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.builder.cache.PruneOptions;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all stores take of the disk, as far as a bound for it is concerned. The sizes of layers are in the database. The
 * files of containers, volumes, cache mounts and contexts have to be counted, which happens now and then beside the work.
 */
@Singleton
public final class NamespaceUse implements DiskRoom.Use {

    /** After so long the files are counted again, if somebody asks. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    /** Counting takes at most this part of the time. */
    private static final int SHARE = 20;

    private final Database database;
    private final Containers containers;
    private final ContainerSizes sizes;
    private final Volumes volumes;
    private final CacheUsage cache;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile long files;
    private volatile long countAgainNanos = System.nanoTime();

    NamespaceUse(Database database, Containers containers, ContainerSizes sizes, Volumes volumes, CacheUsage cache) {
        this.database = database;
        this.containers = containers;
        this.sizes = sizes;
        this.volumes = volumes;
        this.cache = cache;
    }

    @Override
    public long known() {
        if (System.nanoTime() - countAgainNanos > 0 && counting.compareAndSet(false, true)) {
            Background.start("disk use", () -> {
                try {
                    count();
                } finally {
                    counting.set(false);
                }
            });
        }
        return layers() + files;
    }

    @Override
    public long measured() {
        count();
        return layers() + files;
    }

    @Override
    public void reclaim(long bytes) {
        long used = cache.list().stream().mapToLong(CacheEntry::ownBytes).sum();
        // A limit of 0 would be none.
        long keep = Math.max(1, used - bytes);
        cache.prune(new PruneOptions(false, CacheFilter.ANY, new PruneOptions.Limits(0, keep, 0)));
    }

    private long layers() {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet sum = statement.executeQuery("SELECT coalesce(sum(size), 0) FROM snapshot")) {
                return sum.getLong(1);
            }
        });
    }

    private void count() {
        long began = System.nanoTime();
        long written = containers.list().stream()
                .mapToLong(it -> sizes.of(it).written())
                .sum();
        long kept = volumes.list(Filters.NONE).stream().mapToLong(volumes::size).sum();
        long cached = cache.list().stream()
                .filter(entry -> entry.type() != CacheEntry.Type.REGULAR)
                .mapToLong(CacheEntry::ownBytes)
                .sum();
        files = written + kept + cached;
        long took = System.nanoTime() - began;
        countAgainNanos = System.nanoTime() + Math.max(FRESH.toNanos(), took * SHARE);
    }
}
