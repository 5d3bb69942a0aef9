package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TextPattern;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The filters of a list of networks, and those of a prune. */
final class NetworkFilter implements Predicate<Network> {

    private static final String DRIVER = "driver";
    private static final String NAME = "name";
    private static final String ID = "id";
    private static final String TYPE = "type";
    private static final String SCOPE = "scope";
    private static final String DANGLING = "dangling";
    private static final Set<String> OF_LIST =
            Set.of(DRIVER, NAME, ID, TYPE, SCOPE, DANGLING, Filters.LABEL, Filters.WITHOUT_LABEL);
    private static final Set<String> OF_PRUNE = Set.of(Filters.UNTIL, Filters.LABEL, Filters.WITHOUT_LABEL);

    private final Filters filters;
    private final Networks networks;
    private final List<TextPattern> names;
    private final Optional<Boolean> dangling;

    NetworkFilter(Filters filters, Networks networks) {
        this.filters = filters.requireKeys(OF_LIST)
                .requireValues(TYPE, Set.of("custom", "builtin"))
                .requireValues(SCOPE, Set.of("local", "global", "swarm"));
        this.networks = networks;
        this.names = filters.regularExpressions(NAME);
        this.dangling = filters.flag(DANGLING);
    }

    /**
     * Whether a prune takes a network that has no endpoints.
     *
     * @throws InvalidInputException when a filter is not known, or has an impossible value
     */
    static Predicate<Network> toPrune(Filters filters) {
        Optional<Instant> until = filters.requireKeys(OF_PRUNE).until(Instant.now());
        return network ->
                until.filter(time -> !network.createdAt().isBefore(time)).isEmpty()
                        && filters.matchesLabels(network.labels());
    }

    @Override
    public boolean test(Network network) {
        return filters.matches(DRIVER, network.driver().toString())
                && (names.isEmpty() || names.stream().anyMatch(name -> name.isFoundIn(network.name())))
                && filters.any(ID, id -> network.id().contains(id))
                && filters.matches(TYPE, network.isPredefined() ? "builtin" : "custom")
                && filters.matches(SCOPE, "local")
                && filters.matchesLabels(network.labels())
                && dangling.filter(wanted -> wanted != isDangling(network)).isEmpty();
    }

    /** As docker has it: a network of a user that nothing is on. */
    private boolean isDangling(Network network) {
        return !network.isPredefined() && networks.endpoints(network).isEmpty();
    }
}
