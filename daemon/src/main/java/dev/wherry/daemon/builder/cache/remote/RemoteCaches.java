package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.content.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The shared caches that one build takes steps from, in the order in which they are asked. */
public final class RemoteCaches {

    public static final RemoteCaches NONE = new RemoteCaches(List.of());

    private final List<RemoteCache> caches;

    RemoteCaches(List<RemoteCache> caches) {
        this.caches = List.copyOf(caches);
    }

    public boolean isEmpty() {
        return caches.isEmpty();
    }

    /**
     * The record of a step. One that has the files of the step is preferred; it must lie on the layers of the parent:
     * where an earlier step ran again, all after it run again.
     *
     * @param below diff IDs of the parent's layers, bottom first; empty while the parent has not been made
     */
    public Optional<RemoteRecord> find(Digest key, Supplier<Optional<List<Digest>>> below) {
        RemoteRecord without = null;
        for (RemoteCache cache : caches) {
            RemoteRecord record = cache.find(key).orElse(null);
            if (record == null) {
                continue;
            }
            if (record.layers().isEmpty()) {
                without = without == null ? record : without;
            } else if (below.get().map(record::liesOn).orElse(true)) {
                return Optional.of(with(record, contents(key)));
            }
        }
        return Optional.ofNullable(without).map(record -> with(record, contents(key)));
    }

    /** What all caches know of the result of a step: one may have its files, another one what was read of them. */
    private Map<String, Digest> contents(Digest key) {
        Map<String, Digest> contents = new HashMap<>();
        for (RemoteCache cache : caches.reversed()) {
            cache.find(key).ifPresent(record -> contents.putAll(record.contents()));
        }
        return contents;
    }

    private static RemoteRecord with(RemoteRecord record, Map<String, Digest> contents) {
        return new RemoteRecord(
                record.cache(),
                record.key(),
                record.layers(),
                record.parents(),
                record.definition(),
                record.createdAt(),
                record.duration(),
                record.inputs(),
                contents);
    }

    /**
     * The record that is most like a step that was not found: of the same step, else of the same step with other files,
     * else of another step in its place.
     *
     * @param parent key of the step before
     */
    public Optional<RemoteRecord> nearest(CacheKey key, Digest parent) {
        return first(record -> record.key().equals(key.value()))
                .or(() -> first(record -> record.definition().equals(Optional.of(key.definition()))))
                .or(() -> first(record -> !record.parents().isEmpty()
                        && record.parents().getFirst().equals(parent)));
    }

    private Optional<RemoteRecord> first(Predicate<RemoteRecord> wanted) {
        return records().stream().filter(wanted).findFirst();
    }

    /** All records, in the order of the caches. */
    public List<RemoteRecord> records() {
        return caches.stream().flatMap(cache -> cache.records().stream()).toList();
    }
}
