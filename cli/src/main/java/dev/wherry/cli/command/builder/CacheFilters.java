package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Filters;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CacheEntry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code --filter} of {@code builder du} and {@code builder prune} asks for. */
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

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(ms|s|m|h|d)");
    private static final Pattern AMOUNTS = Pattern.compile("(" + AMOUNT.pattern() + ")+");
    private static final Map<String, Long> UNITS = Map.of(
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L,
            "d",
            86_400_000_000_000L);
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,3})?) ?([kmgtp]?)i?b?");

    private final Filters filters;

    private CacheFilters(Filters filters) {
        this.filters = filters;
    }

    static CacheFilters ofPrune(List<String> options) {
        return new CacheFilters(Filters.parse(options, OF_PRUNE));
    }

    /** Those without a value, such as {@code inuse}, mean {@code inuse=true}. */
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

    /** How long entries must not have been used; zero when that does not matter. */
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

    /** {@code 24h}, {@code 1h30m} or {@code 7d}. */
    static Duration duration(String text) {
        if (!AMOUNTS.matcher(text).matches()) {
            throw new Failure("\"" + text + "\" is not a time such as 24h, 90m or 7d");
        }
        Matcher parts = AMOUNT.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        while (parts.find()) {
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(UNITS.get(parts.group(2)))));
        }
        return Duration.ofNanos(nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }

    /** {@code 512MB} or {@code 10g}, in powers of 1024 as docker reads them; nothing is 0. */
    static long bytes(String flag, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Matcher parts = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new Failure(flag + ": \"" + text + "\" is not a size such as 512MB or 10GB");
        }
        int power = parts.group(2).isEmpty() ? 0 : "kmgtp".indexOf(parts.group(2)) + 1;
        return new BigDecimal(parts.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power))
                .longValue();
    }
}
