package dev.wherry.daemon.container;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TimeRange;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.network.Networks;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Chooses containers by filters: those of a list, and those of a prune. */
@Singleton
public final class ContainerFilters {

    private static final Set<String> OF_PRUNE = Set.of(Filters.UNTIL, Filters.LABEL, Filters.WITHOUT_LABEL);

    private final Containers containers;
    private final ImageStore images;
    private final Networks networks;

    ContainerFilters(Containers containers, ImageStore images, Networks networks) {
        this.containers = containers;
        this.images = images;
        this.networks = networks;
    }

    /**
     * The containers that match, newest first.
     *
     * @param all also those that are not up; a limit or a filter by status implies it
     * @param limit how many at most; 0 for no limit
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     * @throws NotFoundException when a container that a filter compares with does not exist
     */
    public List<Container> list(boolean all, int limit, Filters filters) {
        ContainerFilter filter = new ContainerFilter(filters, containers, images, networks);
        boolean inAnyState = all || limit > 0 || filters.has(ContainerFilter.STATUS);
        return containers.list(inAnyState).stream()
                .filter(filter)
                .limit(limit > 0 ? limit : Long.MAX_VALUE)
                .toList();
    }

    /**
     * Whether a prune takes a container that is not up.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     */
    public Predicate<Container> toPrune(Filters filters) {
        TimeRange created = TimeRange.until(filters.requireKeys(OF_PRUNE).until(Instant.now()));
        return container -> created.contains(container.createdAt())
                && filters.matchesLabels(container.settings().labels());
    }
}
