package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Filters;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.v1.CacheEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The {@code --filter} flags of {@code builder du} and {@code builder prune}. */
final class CacheFilters {
    private static final Set<String> OF_PRUNE = Set.of("until", "unused-for", "id", "type");
    private static final Set<String> OF_LIST = Set.of(
            "until",
            "unused-for",
            "id",
            "type",
            "description",
            "parents",
            "inuse",
            "shared",
            "private",
            "mutable",
            "immutable");

    private final Filters filters;

    private CacheFilters(Filters filters) {
        this.filters = filters;
    }

    static CacheFilters ofPrune(List<String> options) {
        return new CacheFilters(Filters.parse(options, OF_PRUNE));
    }

    /** A key without a value, such as {@code inuse}, means {@code inuse=true}. */
    static CacheFilters ofList(List<String> options) {
        return new CacheFilters(Filters.parse(
                options.stream()
                        .map(option -> option.contains("=") || !OF_LIST.contains(option) ? option : option + "=true")
                        .toList(),
                OF_LIST));
    }

    List<String> ids() {
        return filters.values().getOrDefault("id", List.of());
    }

    List<String> types() {
        return filters.values().getOrDefault("type", List.of());
    }

    /** The time since entries were last used must be at least this; zero by default. */
    Duration unusedFor() {
        List<String> given = new ArrayList<>(filters.values().getOrDefault("until", List.of()));
        given.addAll(filters.values().getOrDefault("unused-for", List.of()));
        return given.stream()
                .map(CacheFilters::duration)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    boolean match(CacheEntry entry, long nowNanos) {
        return filters.startsWith("id", entry.getId())
                && filters.matches("type", entry.getType())
                && filters.contains("description", entry.getDescription())
                && filters.startsWith("parents", entry.getParent())
                && is("inuse", entry.getInUse())
                && is("shared", entry.getShared())
                && is("private", !entry.getShared())
                && is("mutable", entry.getMutable())
                && is("immutable", !entry.getMutable())
                && nowNanos - entry.getUsedNanos() >= unusedFor().toNanos();
    }

    private boolean is(String key, boolean value) {
        return filters.matches(key, Boolean.toString(value));
    }

    private static Duration duration(String text) {
        return Duration.ofNanos(FlagValue.nanos("--filter", text));
    }
}
