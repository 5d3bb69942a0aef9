package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.solver.Operation;
import java.util.List;

/** {@code RUN}: a process in a new snapshot. */
public record RunOperation(RunProcesses processes, RunSpec spec) implements Operation {

    @Override
    public List<Input> definition() {
        return RunInputs.of(spec);
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return processes.prepare(spec, preparation);
    }
}
