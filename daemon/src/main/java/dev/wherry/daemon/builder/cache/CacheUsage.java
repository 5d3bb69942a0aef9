package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.builder.context.ContextCopies;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the build cache holds, of whatever kind, and its removal. */
@Singleton
public final class CacheUsage {

    private static final String MOUNT = "mount-";
    private static final String CONTEXT = "context-";

    private final CacheRecordList records;
    private final CacheMounts mounts;
    private final ContextCopies contexts;
    private final Snapshotter snapshotter;
    private final Layout layout;

    CacheUsage(
            Database database,
            Leases leases,
            CacheMounts mounts,
            ContextCopies contexts,
            Snapshotter snapshotter,
            Layout layout) {
        this.records = new CacheRecordList(database, leases);
        this.mounts = mounts;
        this.contexts = contexts;
        this.snapshotter = snapshotter;
        this.layout = layout;
    }

    /** All entries at this moment. The files of cache mounts and contexts are counted, which can take a while. */
    public List<CacheEntry> list() {
        List<CacheEntry> entries = new ArrayList<>(records.all());
        mounts.list().forEach(mount -> entries.add(entry(mount)));
        contexts.list().forEach(copy -> entries.add(entry(copy)));
        return entries;
    }

    /** The entries that match at this moment. */
    public List<CacheEntry> list(CacheFilter filter) {
        Instant now = Instant.now();
        return list().stream().filter(entry -> filter.matches(entry, now)).toList();
    }

    private static CacheEntry entry(CacheMount mount) {
        return new CacheEntry(
                MOUNT + mount.id(),
                CacheEntry.Type.CACHE_MOUNT,
                "cache mount " + mount.name(),
                Optional.empty(),
                mount.sizeBytes(),
                mount.createdAt(),
                mount.usedAt(),
                mount.inUse(),
                false,
                0);
    }

    private static CacheEntry entry(ContextCopies.Copy copy) {
        return new CacheEntry(
                CONTEXT + copy.name(),
                CacheEntry.Type.LOCAL_SOURCE,
                "build context of a client elsewhere",
                Optional.empty(),
                copy.sizeBytes(),
                copy.usedAt(),
                copy.usedAt(),
                copy.inUse(),
                false,
                0);
    }

    /**
     * What a pruning did.
     *
     * @param removed what is gone
     * @param bytes how many bytes of files went with it
     */
    public record Pruned(List<CacheEntry> removed, long bytes) {}

    /** Removes what the options say, and every snapshot that only that held; returns when the files are gone. */
    public Pruned prune(PruneOptions options) {
        List<CacheEntry> removed = new ArrayList<>();
        long others = remove(options, removed);
        return new Pruned(removed, others + snapshotter.collect());
    }

    /** Removes what the policy says, and leaves the files of layers to a thread of its own. Says what is gone. */
    public List<CacheEntry> collect(GarbagePolicy policy) {
        List<CacheEntry> removed = new ArrayList<>();
        for (PruneOptions rule : policy.rules(layout.root().toFile().getTotalSpace())) {
            remove(rule, removed);
        }
        if (!removed.isEmpty()) {
            snapshotter.collectInBackground();
        }
        return removed;
    }

    /** Returns the bytes freed already. */
    private long remove(PruneOptions options, List<CacheEntry> removed) {
        List<CacheEntry> chosen =
                new Pruning(options, Instant.now(), layout.root().toFile().getUsableSpace()).choose(list());
        removed.addAll(records.remove(chosen.stream()
                .filter(entry -> entry.type() == CacheEntry.Type.REGULAR)
                .toList()));
        long bytes = 0;
        for (CacheEntry entry : chosen) {
            try {
                switch (entry.type()) {
                    case REGULAR -> {}
                    case CACHE_MOUNT -> {
                        bytes += mounts.remove(Long.parseLong(entry.id().substring(MOUNT.length())));
                        removed.add(entry);
                    }
                    case LOCAL_SOURCE -> {
                        bytes += contexts.remove(entry.id().substring(CONTEXT.length()));
                        removed.add(entry);
                    }
                }
            } catch (ConflictException inUse) {
                // A build has taken it meanwhile.
                continue;
            }
        }
        return bytes;
    }
}
