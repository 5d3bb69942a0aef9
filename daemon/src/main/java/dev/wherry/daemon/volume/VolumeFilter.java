package dev.wherry.daemon.volume;

import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TextPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filters of lists and prunes of volumes, as docker has them. */
final class VolumeFilter {

    private static final String DANGLING = "dangling";
    private static final String ALL = "all";

    private final Filters filters;
    private final List<TextPattern> names;
    private final Optional<Boolean> dangling;

    private VolumeFilter(Filters filters) {
        this.filters = filters;
        this.names = filters.regularExpressions("name");
        this.dangling = filters.flag(DANGLING);
    }

    static VolumeFilter ofList(Filters filters) {
        return new VolumeFilter(
                filters.requireKeys(Set.of(DANGLING, "driver", Filters.LABEL, Filters.WITHOUT_LABEL, "name")));
    }

    static VolumeFilter ofPrune(Filters filters) {
        return new VolumeFilter(filters.requireKeys(Set.of(ALL, Filters.LABEL, Filters.WITHOUT_LABEL)));
    }

    /** Whether volumes that have a name are pruned too. */
    boolean isAll() {
        return filters.flag(ALL).orElse(false);
    }

    /** @param isHeld whether a container has the volume */
    boolean matches(Volume volume, boolean isHeld) {
        return filters.matches("driver", volume.driver())
                && filters.matchesLabels(volume.labels())
                && (names.isEmpty() || names.stream().anyMatch(name -> name.isFoundIn(volume.name())))
                && dangling.filter(wanted -> wanted == isHeld).isEmpty();
    }
}
