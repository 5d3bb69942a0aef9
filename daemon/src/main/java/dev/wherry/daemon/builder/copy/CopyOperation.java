package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.solver.Operation;
import java.util.List;

/** {@code COPY} and {@code ADD}: files of the build context, or of another file system, in a new snapshot. */
public record CopyOperation(FileCopies copies, CopySpec spec) implements Operation {

    @Override
    public List<Input> definition() {
        return spec.inputs(
                spec.origin() instanceof CopySpec.Origin.Remote
                        ? spec.sources().stream().map(FetchedSource::name).toList()
                        : spec.sources());
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return copies.prepare(spec, preparation);
    }
}
