package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.api.grpc.CacheEntryMessages;
import dev.wherry.daemon.api.grpc.FilterMessages;
import dev.wherry.daemon.builder.cache.CacheFilter;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.builder.cache.PruneOptions;
import dev.wherry.v1.Filter;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import java.util.List;

/** What messages about the build cache say, in the daemon's own terms. */
final class CacheMessages {

    /** Entries named in one answer: it must stay smaller than what clients take. */
    private static final int MOST_NAMED = 10_000;

    private CacheMessages() {}

    static PruneOptions options(PruneCacheRequest request) {
        return new PruneOptions(
                request.getAll(),
                filter(request.getFiltersList()),
                new PruneOptions.Limits(
                        Math.max(0, request.getReservedBytes()),
                        Math.max(0, request.getMaxUsedBytes()),
                        Math.max(0, request.getMinFreeBytes())));
    }

    static CacheFilter filter(List<Filter> messages) {
        return CacheFilter.of(FilterMessages.filters(messages));
    }

    static PruneCacheResponse response(CacheUsage.Pruned pruned) {
        return PruneCacheResponse.newBuilder()
                .setRecords(pruned.removed().size())
                .setReclaimedBytes(pruned.bytes())
                .addAllRemoved(pruned.removed().stream()
                        .limit(MOST_NAMED)
                        .map(CacheEntryMessages::entry)
                        .toList())
                .build();
    }
}
