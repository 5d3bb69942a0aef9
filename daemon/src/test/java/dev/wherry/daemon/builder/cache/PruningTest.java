package dev.wherry.daemon.builder.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.cache.CacheEntry.Type;
import dev.wherry.daemon.builder.cache.PruneOptions.Limits;
import dev.wherry.daemon.filter.Filters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PruningTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    /** A chain of three steps, a branch of it, a cache mount. */
    private final List<CacheEntry> cache = List.of(
            entry("a", null, 100, 5),
            entry("b", "a", 200, 5),
            entry("c", "b", 300, 5),
            entry("d", "a", 50, 9),
            mount(40, 2));

    @Test
    void everythingGoesAndChildrenBeforeTheirParents() {
        assertThat(chosen(PruneOptions.DEFAULT)).containsExactly("d", "c", "b", "a", "mount");
    }

    @Test
    void theLongestUnusedGoesUntilTheRestMayStay() {
        assertThat(chosen(limited(new Limits(0, 400, 0)))).containsExactly("d", "c");
        assertThat(chosen(limited(new Limits(500, 400, 0)))).containsExactly("d", "c");
        assertThat(chosen(limited(new Limits(650, 400, 0)))).containsExactly("d");
        assertThat(chosen(limited(new Limits(0, 690, 0)))).isEmpty();
    }

    @Test
    void whatTheDiskLacksIsFreed() {
        Pruning pruning = new Pruning(limited(new Limits(0, 0, 1000)), NOW, 960);
        assertThat(pruning.choose(cache)).extracting(CacheEntry::id).containsExactly("d");
        assertThat(new Pruning(limited(new Limits(0, 0, 1000)), NOW, 1000).choose(cache))
                .isEmpty();
    }

    @Test
    void whatABuildHoldsStaysAndAllThatItIsOnTopOf() {
        List<CacheEntry> held = new ArrayList<>(cache);
        held.set(2, new CacheEntry("c", Type.REGULAR, "", Optional.of("b"), 300, NOW, at(5), true, false, 0));
        assertThat(new Pruning(PruneOptions.DEFAULT, NOW, 0).choose(held))
                .extracting(CacheEntry::id)
                .containsExactly("d", "mount");
    }

    @Test
    void sharedWithAnImageGoesOnlyWithAll() {
        List<CacheEntry> shared =
                List.of(new CacheEntry("s", Type.REGULAR, "", Optional.empty(), 9, NOW, NOW, false, true, 0));
        assertThat(new Pruning(PruneOptions.DEFAULT, NOW, 0).choose(shared)).isEmpty();
        PruneOptions all = new PruneOptions(true, CacheFilter.ANY, Limits.NONE);
        assertThat(new Pruning(all, NOW, 0).choose(shared)).hasSize(1);
    }

    @Test
    void filtersChoose() {
        assertThat(chosen(filtered("type", "exec.cachemount"))).containsExactly("mount");
        assertThat(chosen(filtered("id", "d"))).containsExactly("d");
        assertThat(chosen(filtered("id", "a"))).as("it has children").isEmpty();
        assertThat(chosen(filtered("until", "6h"))).containsExactly("d");
    }

    @Property(tries = 200)
    void nothingGoesBeforeItsChildrenNorMoreThanIsNeeded(@ForAll Random random) {
        List<CacheEntry> entries = new ArrayList<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            String parent = i == 0 || random.nextInt(4) == 0 ? null : "e" + random.nextInt(i);
            entries.add(entry("e" + i, parent, random.nextInt(100), random.nextInt(10)));
        }
        long used = entries.stream().mapToLong(CacheEntry::sizeBytes).sum();
        long most = used / 2 + 1;
        List<CacheEntry> chosen = new Pruning(limited(new Limits(0, most, 0)), NOW, 0).choose(entries);
        Set<String> left = new HashSet<>(entries.stream().map(CacheEntry::id).toList());
        for (CacheEntry gone : chosen) {
            assertThat(entries)
                    .filteredOn(entry -> entry.parent().equals(Optional.of(gone.id())))
                    .noneMatch(child -> left.contains(child.id()));
            assertThat(used).isGreaterThan(most);
            used -= gone.sizeBytes();
            left.remove(gone.id());
        }
        assertThat(used).isLessThanOrEqualTo(most);
    }

    private List<String> chosen(PruneOptions options) {
        return new Pruning(options, NOW, 0)
                .choose(cache).stream().map(CacheEntry::id).toList();
    }

    private static PruneOptions limited(Limits limits) {
        return new PruneOptions(false, CacheFilter.ANY, limits);
    }

    private static PruneOptions filtered(String key, String value) {
        return new PruneOptions(false, CacheFilter.of(new Filters(Map.of(key, List.of(value)))), Limits.NONE);
    }

    private static CacheEntry entry(String id, String parent, long size, int hours) {
        return new CacheEntry(
                id,
                Type.REGULAR,
                "RUN " + id,
                Optional.ofNullable(parent),
                size,
                at(hours),
                at(hours),
                false,
                false,
                0);
    }

    private static CacheEntry mount(long size, int hours) {
        return new CacheEntry(
                "mount", Type.CACHE_MOUNT, "", Optional.empty(), size, at(hours), at(hours), false, false, 0);
    }

    private static Instant at(int hoursAgo) {
        return NOW.minus(Duration.ofHours(hoursAgo));
    }
}
