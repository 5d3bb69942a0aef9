package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.PruneRequest;
import dev.wherry.buildkit.control.UsageRecord;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheFilter;
import dev.wherry.daemon.builder.cache.PruneOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The build cache as BuildKit tells of it, and its filters. */
final class UsageRecords {

    /** As in {@code type==regular} and {@code id~=abc}; a word alone is a flag. */
    private static final Pattern FILTER = Pattern.compile("([a-z-]+)(?:(==|~=|=)(.*))?");

    private UsageRecords() {}

    static UsageRecord record(CacheEntry entry) {
        UsageRecord.Builder record = UsageRecord.newBuilder()
                .setID(entry.id())
                .setMutable(entry.mutable())
                .setInUse(entry.inUse())
                .setSize(entry.sizeBytes())
                .setCreatedAt(SolveProgress.timestamp(entry.createdAt()))
                .setLastUsedAt(SolveProgress.timestamp(entry.usedAt()))
                .setUsageCount(entry.uses())
                .setDescription(entry.description())
                .setRecordType(entry.type().label())
                .setShared(entry.shared());
        entry.parent().ifPresent(record::addParents);
        return record.build();
    }

    /** Each filter may hold several parts between commas, all of which count. */
    static CacheFilter filter(List<String> filters) {
        Map<String, List<String>> values = new HashMap<>();
        for (String filter : filters) {
            for (String part : filter.split(",")) {
                if (part.isBlank()) {
                    continue;
                }
                Matcher parts = FILTER.matcher(part.strip());
                if (!parts.matches()) {
                    throw new InvalidInputException("invalid filter \"" + part + "\"");
                }
                String value = parts.group(3) == null ? "true" : parts.group(3);
                values.computeIfAbsent(parts.group(1), _ -> new ArrayList<>()).add(value);
            }
        }
        return CacheFilter.of(new Filters(values));
    }

    static PruneOptions options(PruneRequest request) {
        CacheFilter filter = filter(request.getFilterList());
        Duration kept = Duration.ofNanos(Math.max(0, request.getKeepDuration()));
        return new PruneOptions(
                request.getAll(),
                kept.compareTo(filter.unusedFor()) > 0 ? new CacheFilter(filter.filters(), kept) : filter,
                new PruneOptions.Limits(
                        Math.max(0, request.getReservedSpace()),
                        Math.max(0, request.getMaxUsedSpace()),
                        Math.max(0, request.getMinFreeSpace())));
    }
}
