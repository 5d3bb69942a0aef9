package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.metadata.Leases.Lease;

/**
 * What a step is given while it runs. It is not of the build that began the step: others may wait for the same step, and
 * go on waiting when that build has ended.
 *
 * @param lease holds what the step makes, until all who wait for it hold it themselves
 * @param output where the step tells of itself
 */
public record StepRun(Lease lease, StepOutput output) {}
