package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.solver.Operation.Preparation;
import dev.wherry.daemon.builder.solver.Workspace;
import java.util.Optional;

/**
 * {@code COPY --link}: its layer is made on nothing, and is the same whatever it lies on. So it is found again where the
 * steps before it changed, and only put on another parent.
 */
final class LinkedCopy {

    private LinkedCopy() {}

    /** The same copy with its owner as numbers: names are looked up in the parent, the only thing that it says. */
    static CopySpec withNumericOwner(CopySpec copy, Preparation step, Workspace workspace) {
        Optional<String> owner = copy.rules().owner();
        if (owner.flatMap(Owner::ofNumbers).isPresent()
                || owner.isEmpty()
                || step.parent().snapshot().isEmpty()) {
            return copy;
        }
        try (Workspace.Mounted view = workspace.view(step.parent().snapshot())) {
            Owner known = Transfer.owner(view.root(), owner.get(), step.step());
            return copy.with(copy.rules().withOwner(Optional.of(known.uid() + ":" + known.gid())));
        }
    }
}
