package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.builder.cache.CacheEntry;

/** Entries of the build cache as messages of the API. */
public final class CacheEntryMessages {

    private CacheEntryMessages() {}

    public static dev.wherry.v1.CacheEntry entry(CacheEntry entry) {
        return dev.wherry.v1.CacheEntry.newBuilder()
                .setId(entry.id())
                .setType(entry.type().label())
                .setDescription(entry.description())
                .setParent(entry.parent().orElse(""))
                .setSizeBytes(entry.sizeBytes())
                .setCreatedNanos(Times.nanos(entry.createdAt()))
                .setUsedNanos(Times.nanos(entry.usedAt()))
                .setInUse(entry.inUse())
                .setShared(entry.shared())
                .setMutable(entry.mutable())
                .setUses(entry.uses())
                .build();
    }
}
