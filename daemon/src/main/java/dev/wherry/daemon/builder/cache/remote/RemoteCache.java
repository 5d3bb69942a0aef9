package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.Digest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A cache of other builds whose records have been read. Blobs of layers are fetched when a step is taken from it. */
public final class RemoteCache {

    private final String name;
    private final BlobProvider blobs;
    private final Map<Digest, RemoteRecord> records = new LinkedHashMap<>();

    RemoteCache(String name, BlobProvider blobs) {
        this.name = name;
        this.blobs = blobs;
    }

    /** Adds a record; of two with one key, the one that has layers stays. */
    void add(RemoteRecord record) {
        records.merge(record.key(), record, (one, other) -> one.layers().isPresent() ? one : other);
    }

    /** What messages call the cache. */
    public String name() {
        return name;
    }

    /** Where the blobs of its layers come from. */
    public BlobProvider blobs() {
        return blobs;
    }

    Optional<RemoteRecord> find(Digest key) {
        return Optional.ofNullable(records.get(key));
    }

    Collection<RemoteRecord> records() {
        return records.values();
    }
}
