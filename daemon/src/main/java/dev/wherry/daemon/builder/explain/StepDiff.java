package dev.wherry.daemon.builder.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds in which facets two runs of a step differ. */
final class StepDiff {

    private StepDiff() {}

    static List<Cause> of(StepInputs before, StepInputs after) {
        List<Cause.Changed> changes = new ArrayList<>();
        for (Facet facet : after.facets()) {
            Optional<Facet> was = find(before.facets(), facet);
            if (!was.equals(Optional.of(facet))) {
                changes.add(new Cause.Changed(facet.kind(), facet.name(), was, Optional.of(facet)));
            }
        }
        for (Facet facet : before.facets()) {
            if (find(after.facets(), facet).isEmpty()) {
                changes.add(new Cause.Changed(facet.kind(), facet.name(), Optional.of(facet), Optional.empty()));
            }
        }
        changes.sort(Comparator.comparing(Cause.Changed::kind));
        return List.copyOf(changes);
    }

    private static Optional<Facet> find(List<Facet> facets, Facet wanted) {
        return facets.stream().filter(wanted::sameThing).findFirst();
    }
}
