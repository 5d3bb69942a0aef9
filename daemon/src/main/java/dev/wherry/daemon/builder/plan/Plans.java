package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Vertex;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The plans of one build, one a platform. They are solved together: a step that several of them have is run once.
 *
 * @param all in the order in which the platforms were asked for; the numbers of their steps are distinct
 */
public record Plans(List<Plan> all) {

    public Plans {
        all = List.copyOf(all);
    }

    /** The last vertex of each plan. */
    public List<Vertex> tops() {
        return all.stream().map(Plan::top).toList();
    }

    public Map<Vertex, List<Step>> following() {
        Map<Vertex, List<Step>> following = new IdentityHashMap<>();
        all.forEach(plan -> following.putAll(plan.following()));
        return following;
    }

    public int steps() {
        return all.stream().mapToInt(Plan::steps).sum();
    }

    /** The largest number of a step. */
    public int last() {
        return all.getLast().last();
    }

    public Set<String> uncachedStages() {
        return all.stream().flatMap(plan -> plan.uncachedStages().stream()).collect(Collectors.toSet());
    }
}
