package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.builder.solver.StepKeys;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Digest;
import java.util.Optional;

/**
 * {@code COPY --link}: its layer is made on nothing, and is the same whatever it lies on. So it is found again where the
 * steps before it changed, and only put on another parent.
 */
final class LinkedCopy {

    private LinkedCopy() {}

    /** The same copy with its owner as numbers: names are looked up in the parent, the only thing that it says. */
    static Vertex.Copy withNumericOwner(Vertex.Copy copy, Solved parent, Workspace workspace) {
        Optional<String> owner = copy.rules().owner();
        if (owner.flatMap(Owner::ofNumbers).isPresent()
                || owner.isEmpty()
                || parent.snapshot().isEmpty()) {
            return copy;
        }
        try (Workspace.Mounted view = workspace.view(parent.snapshot().get())) {
            Owner known = Transfer.owner(view.root(), owner.get(), copy.step());
            return copy.with(copy.rules().withOwner(Optional.of(known.uid() + ":" + known.gid())));
        }
    }

    /** @param copy with its owner as numbers */
    static CacheKey layerKey(Vertex.Copy copy, Digest content) {
        return StepKeys.ofLayer(copy, copy.rules().owner().flatMap(Owner::ofNumbers), content);
    }
}
