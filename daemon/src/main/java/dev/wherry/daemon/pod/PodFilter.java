package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.filter.TextPattern;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The filters of a list of pods. */
final class PodFilter implements Predicate<Pod> {

    private static final String ID = "id";
    private static final String NAME = "name";
    private static final String NAMESPACE = "namespace";
    private static final String STATUS = "status";

    private final Filters filters;
    private final List<TextPattern> names;

    /** @throws InvalidInputException when a filter is not known, or has an impossible value */
    PodFilter(Filters filters) {
        this.filters = filters.requireKeys(Set.of(ID, NAME, NAMESPACE, STATUS, Filters.LABEL, Filters.WITHOUT_LABEL))
                .requireValues(STATUS, Set.of(SandboxState.READY.toString(), SandboxState.NOTREADY.toString()));
        this.names = filters.regularExpressions(NAME);
    }

    @Override
    public boolean test(Pod pod) {
        return filters.any(ID, pod.id()::startsWith)
                && (names.isEmpty()
                        || names.stream()
                                .anyMatch(name -> name.isFoundIn(pod.config().name())))
                && filters.matches(NAMESPACE, pod.config().namespace())
                && filters.matches(STATUS, pod.state().toString())
                && filters.matchesLabels(pod.config().labels());
    }
}
