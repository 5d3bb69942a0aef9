package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.builder.explain.StepInputs;
import java.util.List;

/**
 * A step whose cache key is known: the key and the record of its inputs are made from one list.
 *
 * @param instruction the instruction as written, on one line
 */
record PreparedStep(String instruction, Operation.Prepared work, Inputs inputs, CacheKey key) implements AutoCloseable {

    static PreparedStep of(Vertex.Derived vertex, Solved parent, List<Solved> sources, StepReporter reporter) {
        Operation.Prepared work =
                vertex.operation().prepare(new Operation.Preparation(vertex, parent, sources, reporter));
        Inputs inputs = vertex.inputs().with(work.contents());
        return new PreparedStep(
                vertex.step().source(), work, inputs, inputs.key(parent.key().value()));
    }

    /** The inputs as the history keeps them. */
    StepInputs recorded() {
        return StepInputs.of(instruction, inputs);
    }

    @Override
    public void close() {
        work.close();
    }
}
